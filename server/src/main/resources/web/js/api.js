// Talks to the server. A server that does not answer shows a banner and is asked again until it does.
import { $ } from './dom.js';

const PATIENCE = 30_000; // milliseconds
const PAUSE = 1500;

/** What the server says is wrong, or that it does not answer (status 0). */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const reconnected = new Set();
let waiting = false;
let retry = () => {};

/** Calls f when the server answers again. */
export const onReconnect = (f) => reconnected.add(f);

async function waitForServer() {
  if (waiting) {
    return;
  }
  waiting = true;
  $('offline').hidden = false;
  for (;;) {
    await new Promise((done) => {
      retry = done;
      setTimeout(done, PAUSE);
    });
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

$('offline-retry').addEventListener('click', () => retry());

async function call(path, options) {
  const asking = new AbortController();
  const stop = () => asking.abort();
  options.signal?.addEventListener('abort', stop);
  let tooLong = false;
  const patience = setTimeout(() => {
    tooLong = true;
    stop();
  }, PATIENCE);
  let response;
  let body;
  try {
    response = await fetch(path, { ...options, signal: asking.signal });
    body = await response.json().catch((error) => {
      if (error.name === 'AbortError') {
        throw error;
      }
      return null;
    });
  } catch (error) {
    if (tooLong) {
      throw new ApiError(504, 'The server takes too long to answer.');
    }
    if (error.name === 'AbortError') {
      throw error;
    }
    waitForServer();
    throw new ApiError(0, 'The server does not answer.');
  } finally {
    clearTimeout(patience);
    options.signal?.removeEventListener('abort', stop);
  }
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
