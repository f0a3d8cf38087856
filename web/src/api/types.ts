import type { components, paths } from "./schema";

/** The resources of the API by name: `Schema["Release"]`. */
export type Schema = components["schemas"];

export type Method = "get" | "put" | "post" | "delete";

/** The paths that have a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> =
  paths[P] extends Record<M, infer Found> ? Found : never;

type Json<Content> = Content extends { "application/json": infer Body } ? Body : unknown;

type Done<Responses> = Responses extends { 200: { content: infer Content } }
  ? Json<Content>
  : Responses extends { 201: { content: infer Content } }
    ? Json<Content>
    : unknown;

/** What a request answers. */
export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer Responses } ? Done<Responses> : unknown;

/** What a request may be told: a new resource may leave out whatever has a default. */
export type BodyOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody: { content: { "application/json": infer Body } } }
    ? Body extends unknown[]
      ? Body
      : Partial<Body>
    : unknown;

type Filled<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Filled<Rest>
  : never;

/** The values of a path's parameters. */
export type PathValues<P extends string> = Record<Filled<P>, string>;

/** What may stand in a query; lists are joined with commas, nothing stands for undefined. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined | null>;
