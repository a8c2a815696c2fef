export { type BlasBackendOptions, createBlasBackend } from "./create_backend.ts";
