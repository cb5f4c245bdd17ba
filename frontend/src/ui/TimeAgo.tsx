/** A time as a person says it, with the exact local time on hover. */
import { Tooltip } from "@mantine/core";

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

/** Return "3 hours ago" or "in 2 days"; under a minute, "just now". */
export function timeAgo(time: Date, now: Date = new Date()): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return seconds > 0 ? "in a moment" : "just now";
}

/** Show a time of the server (ISO), or a dash. */
export function TimeAgo({ time }: { time: string | null | undefined }) {
  if (!time) return <>–</>;
  const date = new Date(time);
  return (
    <Tooltip label={date.toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" })}>
      <time dateTime={time} style={{ whiteSpace: "nowrap" }}>
        {timeAgo(date)}
      </time>
    </Tooltip>
  );
}
