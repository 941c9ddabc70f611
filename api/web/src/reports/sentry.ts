import { BrowserClient, Scope, defaultStackParser, linkedErrorsIntegration, makeFetchTransport } from '@sentry/browser';
import { apiErrorOf } from './reports';
import type { Report } from './reports';

/**
 * A project of Sentry that takes reports. What is sent is the error, where in the code and on which page it happened, and which
 * request of the API failed. There are no breadcrumbs, no addresses with what stands behind the `?`, and nobody's name: none of
 * the integrations that gather such things is there.
 */
export function openSentry(dsn: string, release: string | null): (report: Report) => void {
  const client = new BrowserClient({
    dsn,
    ...(release !== null && { release }),
    integrations: [linkedErrorsIntegration()],
    stackParser: defaultStackParser,
    transport: (options) => makeFetchTransport(options, (input, init) => fetch(input, init)),
    sendDefaultPii: false,
    sendClientReports: false,
  });
  const scope = new Scope();
  scope.setClient(client);
  client.init();
  return ({ error, isCaught, componentStack }) => {
    const refusal = apiErrorOf(error);
    scope.captureException(error, {
      mechanism: { type: isCaught ? 'boundary' : 'unhandled', handled: isCaught },
      captureContext: {
        tags: {
          page: location.pathname,
          ...(refusal !== null && { request_id: refusal.requestId, code: refusal.code, status: refusal.status }),
        },
        contexts: componentStack === null ? {} : { react: { componentStack } },
      },
    });
  };
}
