/** Instructions that a lead wrote in Markdown. HTML in them is shown as text and never becomes part of the page. */
import { Typography } from "@mantine/core";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

/** Show Markdown with tables and lists; links open in another tab. Headings start below those of the page. */
export function Markdown({ children }: { children: string }) {
  return (
    <Typography fz="sm" maw={760}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{
          h1: "h3",
          h2: "h4",
          h3: "h5",
          a: ({ href, children: label }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {label}
            </a>
          ),
        }}
      >
        {children}
      </ReactMarkdown>
    </Typography>
  );
}
