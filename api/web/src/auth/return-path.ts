/** The way to sign in or up, and back to where one was. */
export function signInPath(page: '/sign-in' | '/sign-up', back: string): string {
  return back === '/' ? page : `${page}?to=${encodeURIComponent(back)}`;
}

/** Where to go after signing in: a page of this client, whatever a link says. */
export function returnPath(params: URLSearchParams): string {
  const to = params.get('to') ?? '/';
  const url = URL.parse(to, location.origin);
  return to.startsWith('/') && url?.origin === location.origin ? url.pathname + url.search : '/';
}
