import { BlockList, isIP } from 'node:net'

/** Networks of IPv4 that a page of the web cannot be in: this machine, private and local ones, and those for special use (RFC 6890 and others). */
const CLOSED = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  CLOSED.addSubnet(network, prefix, 'ipv4')

/** Of IPv6 only this part is the open net; IPv4 written as IPv6, NAT64, link-local, unique local and multicast lie outside of it. */
const GLOBAL_UNICAST = new BlockList()
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  // Teredo, benchmarks, ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4: an IPv4 address in disguise.
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  CLOSED.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is one of the open web. Anything that is no IP address is not. */
export function isOpenAddress(ip: string): boolean {
  if (isIP(ip) === 4) return !CLOSED.check(ip, 'ipv4')
  if (isIP(ip) !== 6 || ip.includes('%')) return false
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  // So a system says that a socket for both kinds is connected over IPv4.
  if (mapped) return isOpenAddress(mapped)
  return GLOBAL_UNICAST.check(ip, 'ipv6') && !CLOSED.check(ip, 'ipv6')
}

/** Names that only a local network knows (RFC 6761, 6762, 8375, and ICANN's `internal`); one without a dot is always such a one. */
const LOCAL_ENDINGS = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/

/** Whether a host name, as `URL` writes it, can only be one of a local network. */
export function isLocalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return isIP(name) === 0 && (!name.includes('.') || LOCAL_ENDINGS.test(name))
}
