/** Where to go after signing in. */

/** Return the address named in `?next=`, or home. Only addresses of this application are followed. */
export function nextAddress(search: string, origin: string = window.location.origin): string {
  const wanted = new URLSearchParams(search).get("next") ?? "/";
  try {
    const url = new URL(wanted, origin);
    if (!wanted.startsWith("/") || url.origin !== origin) return "/";
    const path = `${url.pathname}${url.search}${url.hash}`;
    return url.pathname === "/sign-in" || path.startsWith("//") ? "/" : path;
  } catch {
    return "/";
  }
}
