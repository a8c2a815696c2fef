/**
 * The names by which a service may be asked.
 *
 * @module
 */
import { printable } from "@unroll/core";
import { Refusal } from "./refusal.ts";

/** The names of this machine for itself. */
export const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Whether an address is one that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/**
 * Throws where a request is for another name: it comes from a page whose name was made to point at
 * this machine (DNS rebinding).
 *
 * @throws {Refusal} With status 403.
 */
export function requireHost({ headers, url }: Request, hosts?: readonly string[]): void {
  if (!hosts) return;
  const host = headers.get("host") ?? new URL(url).host; // HTTP/2 has it in the address alone
  const name = host.toLowerCase().replace(/:\d*$/, "");
  if (hosts.includes(name)) return;
  throw new Refusal(
    403,
    `${printable(JSON.stringify(host), 80)} is not a name of this server; ask ${
      hosts.join(" or ")
    }`,
  );
}
