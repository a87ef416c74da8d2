using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>The link of an interface that can be served: it is up and has an address.</summary>
/// <param name="Address">The router's own address there.</param>
/// <param name="Mac">The interface's Ethernet address: frames with this source address are the router's own.</param>
/// <param name="Mtu">The MTU in bytes: bounds the sources of a query and the records of a report.</param>
/// <param name="Subnets">The subnets of all addresses of the interface: who is on the link.</param>
public sealed record NodeLink(Address Address, MacAddress Mac, int Mtu, IReadOnlyList<Prefix> Subnets);
