/** A small picture of a head, or a quiet placeholder of the same size. */
import { IconPhotoOff } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./Thumbnail.module.css";

/** Show a picture as a square; `src` is null while it is being prepared. */
export function Thumbnail({ src, alt, size = 40 }: { src: string | null; alt: string; size?: number }) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className={classes.frame} style={{ width: size, height: size }}>
      {src && broken !== src ? (
        <img src={src} alt={alt} loading="lazy" decoding="async" onError={() => setBroken(src)} />
      ) : (
        <IconPhotoOff size={Math.min(24, size / 2)} aria-label={`${alt}: no picture yet`} />
      )}
    </span>
  );
}
