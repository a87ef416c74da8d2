using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>Stations that the tester plays, without having to choose their Ethernet addresses.</summary>
public static class PlayedStations
{
    private const ulong LocallyAdministered = 0x02_4D_4C_00_00_00UL;

    /// <summary>A station of the tester, with a locally administered Ethernet address that follows from its LAN and IP address.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="name">Its name in texts and captures.</param>
    /// <param name="lan">The LAN.</param>
    /// <param name="address">Its IP address.</param>
    /// <exception cref="ArgumentException">There is such a station already.</exception>
    public static Station Play(this LabRun lab, string name, string lan, Address address)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentException.ThrowIfNullOrEmpty(lan);
        var mac = LocallyAdministered | ((ulong)(lan[0] - 'A' + 1) << 16) | (address.LowBits & 0xFFFF);
        return lab.Station(name, lan, new MacAddress(mac), address);
    }
}
