/** Where to go after signing in: `next` if it is a page of this app, else the first page. Never another site. */
export function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
