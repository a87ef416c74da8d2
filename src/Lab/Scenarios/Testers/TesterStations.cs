using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>Stations of the tester by their IP address alone.</summary>
public static class TesterStations
{
    // 02:4D:4C, the LAN, and the end of the address.
    private const ulong LocallyAdministered = 0x02_4D_4C_00_00_00;

    /// <summary>Makes a station of the tester, with a locally administered Ethernet address.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="name">Its name in texts and captures.</param>
    /// <param name="lan">The LAN: its Ethernet address comes from the first letter of its name, and from the IP address.</param>
    /// <param name="address">Its IP address.</param>
    public static Station Play(this LabRun lab, string name, string lan, Address address)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentException.ThrowIfNullOrEmpty(lan);
        var mac = new MacAddress(LocallyAdministered | ((ulong)(lan[0] - 'A' + 1) << 16) | (address.LowBits & 0xFFFF));
        return lab.Station(name, lan, mac, address);
    }
}
