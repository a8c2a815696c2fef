/**
 * The host names that a service accepts.
 *
 * @module
 */
import { printable } from "@unroll/core";
import { Refusal } from "./refusal.ts";

/** The loopback names of this machine. */
export const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Returns whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/**
 * Checks the host name of a request. A request for another name comes from a page whose name was
 * made to point to this machine (DNS rebinding).
 *
 * @throws {Refusal} If the name is not one of `hosts` (status 403).
 */
export function requireHost({ headers, url }: Request, hosts?: readonly string[]): void {
  if (!hosts) return;
  const host = headers.get("host") ?? new URL(url).host; // HTTP/2 has it only in the URL
  const name = host.toLowerCase().replace(/:\d*$/, "");
  if (hosts.includes(name)) return;
  throw new Refusal(
    403,
    `${printable(JSON.stringify(host), 80)} is not a name of this server; use ${
      hosts.join(" or ")
    }`,
  );
}
