/** One function that talks to the management API: JSON both ways, the CSRF token on writes, refusals as sentences. */

import { serverAnswered, serverAway } from "@/live/server";

/** A refusal by the server: `message` is its sentence, `where` the field that is wrong ("" for the whole). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly where: string = "",
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** The server could not be reached at all. */
export class Away extends Error {
  constructor() {
    super("Skywrite's server does not answer. It may be restarting.");
    this.name = "Away";
  }
}

let csrf = "";

/** Every write from now on carries this token. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Calls `/api/v1<path>` and gives its JSON; an empty answer gives `undefined`. */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, `/api/v1${path}`, body);
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);

async function send(method: Method, url: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf !== "") headers["X-CSRF-Token"] = csrf;
  try {
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(url, init);
    if (isProxyError(response)) throw new Away();
    serverAnswered();
    return response;
  } catch {
    serverAway();
    throw new Away();
  }
}

/** A reverse proxy answers for a server that is away with these, and no JSON. */
function isProxyError(response: Response): boolean {
  const type = response.headers.get("content-type") ?? "";
  return [502, 503, 504].includes(response.status) && !type.includes("json");
}

/** Sends a file as a request's body; `onSent` is told the share that is on its way, from 0 to 1. */
export function upload<T>(path: string, file: File, onSent: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1${path}`);
    request.setRequestHeader("Content-Type", "text/csv");
    if (csrf !== "") request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Away());
    request.onload = () => {
      if (request.status >= 400) reject(refusal(request.status, request.responseText));
      else resolve(JSON.parse(request.responseText) as T);
    };
    request.send(file);
  });
}

function refusal(status: number, text: string): Refusal {
  try {
    const problem = JSON.parse(text) as { error?: string; detail?: string; where?: string };
    return new Refusal(
      status,
      problem.error ?? problem.detail ?? `The server answered ${status}.`,
      problem.where ?? "",
    );
  } catch {
    return new Refusal(status, `The server answered ${status}.`);
  }
}

/** A query string of what is set; "" when nothing is. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return set.length === 0 ? "" : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
}
