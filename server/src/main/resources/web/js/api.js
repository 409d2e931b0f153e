// Talks to the server. A server that does not answer shows a banner and is asked again until it does.
import { $ } from './dom.js';

/** What the server says is wrong, or that it does not answer (status 0). */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const reconnected = new Set();
let waiting = false;

/** Calls f when the server answers again. */
export const onReconnect = (f) => reconnected.add(f);

async function waitForServer() {
  if (waiting) {
    return;
  }
  waiting = true;
  $('offline').hidden = false;
  for (;;) {
    await new Promise((done) => setTimeout(done, 1500));
    try {
      if ((await fetch('health/live', { cache: 'no-store' })).ok) {
        break;
      }
    } catch {
      // still away
    }
  }
  waiting = false;
  $('offline').hidden = true;
  reconnected.forEach((f) => f());
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    waitForServer();
    throw new ApiError(0, 'The server does not answer.');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, body?.detail ?? `The server answered with status ${response.status}.`);
  }
  return body;
}

/** GET with query parameters; those that are null are left out. */
export function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) {
      query.set(name, value);
    }
  }
  return call(query.size ? `${path}?${query}` : path, { signal });
}

/** POST with a JSON body. */
export function post(path, body, signal = undefined) {
  return call(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
}

export const segment = encodeURIComponent;
