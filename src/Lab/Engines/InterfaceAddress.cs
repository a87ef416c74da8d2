using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>An address of a node's interface.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">How many of its leading bits are the network's.</param>
public readonly record struct InterfaceAddress(Address Address, int PrefixLength)
{
    /// <summary>As <c>ip address</c> writes it: <c>10.0.0.1/24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
