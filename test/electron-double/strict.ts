/**
 * Makes a part of the double honest: reading anything that it does not have throws, instead of giving an `undefined` that the app would
 * quietly work around.
 */
export function strict<T extends object>(name: string, part: T): T {
  return new Proxy(part, {
    get(target, key) {
      // Promises, JSON and the inspector look for these on everything.
      const isProbe = typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key === 'nodeType'
      if (!(key in target) && !isProbe) throw new Error(`the Electron double does not imitate ${name}.${key}`)
      const value = Reflect.get(target, key)
      // Private members are the target's, not the proxy's.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
