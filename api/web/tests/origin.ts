/** Where the client and the API are: one origin, as in production. */
export const origin = process.env['PROXIE_WEB'] ?? 'http://127.0.0.1:8080';
