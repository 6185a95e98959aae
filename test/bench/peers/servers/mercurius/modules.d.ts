/** What the server uses of them: they are not among the project's own packages. */
declare module 'fastify' {
  export default function fastify(): {
    register(plugin: object, options: object): Promise<void>;
    listen(options: { host: string; port: number }): Promise<string>;
  };
}

declare module 'mercurius' {
  const mercurius: object;
  export default mercurius;
}
