// The parts of Node and jsdom that the tests use; their own types aren't among Debian's packages.
declare module "node:test" {
  type Body = () => void | Promise<void>;
  export function test(name: string, body: Body): void;
  export function describe(name: string, body: () => void): void;
  export function afterEach(body: Body): void;
}
declare module "node:assert/strict" {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(text: string, pattern: RegExp, message?: string): void;
    doesNotMatch(text: string, pattern: RegExp, message?: string): void;
    throws(body: () => unknown, expected?: RegExp): void;
    rejects(promise: Promise<unknown>, expected?: (error: Error) => boolean): Promise<void>;
    fail(message: string): never;
  };
  export default assert;
}
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function readdirSync(path: string, options: { withFileTypes: true }): { name: string; isDirectory(): boolean }[];
}
declare module "jsdom" {
  export class JSDOM {
    constructor(html: string, options: { url: string });
    window: Window & typeof globalThis;
  }
}
declare module "react-dom/test-utils" {
  export function act(body: () => Promise<void>): Promise<void>;
}
declare const process: { cwd(): string };
