using System.Buffers.Binary;
using System.Text;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Links;

/// <summary>The properties of an interface of the present network namespace (netdevice(7)).</summary>
public sealed record LinkInfo
{
    private const nuint GetFlags = 0x8913; // SIOCGIFFLAGS
    private const nuint GetAddress = 0x8915; // SIOCGIFADDR
    private const nuint GetMtu = 0x8921; // SIOCGIFMTU
    private const nuint GetHardwareAddress = 0x8927; // SIOCGIFHWADDR
    private const nuint GetIndex = 0x8933; // SIOCGIFINDEX
    private const short FlagUp = 1; // IFF_UP
    private const int NameLength = 16; // IFNAMSIZ, the closing zero included
    private const int RequestLength = 40; // sizeof(struct ifreq)

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The interface index.</summary>
    public required int Index { get; init; }

    /// <summary>The Ethernet address.</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>Whether it is set up; the carrier, which the kernel reports some time later, does not matter.</summary>
    public required bool Up { get; init; }

    /// <summary>The primary IPv4 address; null when there is none.</summary>
    public required Address? Address { get; init; }

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="LinuxException">No such interface (<see cref="Errno.NoSuchDevice"/>).</exception>
    public static LinkInfo Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or >= NameLength || Encoding.ASCII.GetByteCount(name) != name.Length)
            throw new LinuxException("ioctl(SIOCGIFINDEX)", Errno.NoSuchDevice, $"'{name}'");
        using var socket = SocketExtensions.OpenSocket(SocketConstants.FamilyInet, SocketConstants.TypeDatagram, 0, "socket(AF_INET)");
        var flags = BinaryPrimitives.ReadInt16LittleEndian(Ask(socket, GetFlags, name, "ioctl(SIOCGIFFLAGS)"));
        return new LinkInfo
        {
            Name = name,
            Index = BinaryPrimitives.ReadInt32LittleEndian(Ask(socket, GetIndex, name, "ioctl(SIOCGIFINDEX)")),
            Mac = MacAddress.Read(Ask(socket, GetHardwareAddress, name, "ioctl(SIOCGIFHWADDR)")[2..]),
            Mtu = BinaryPrimitives.ReadInt32LittleEndian(Ask(socket, GetMtu, name, "ioctl(SIOCGIFMTU)")),
            Up = (flags & FlagUp) != 0,
            Address = ReadAddress(socket, name),
        };
    }

    private static Address? ReadAddress(FileDescriptor socket, string name)
    {
        try
        {
            // struct sockaddr_in: family, port, address.
            return Packets.Address.Read(Ask(socket, GetAddress, name, "ioctl(SIOCGIFADDR)").Slice(4, 4));
        }
        catch (LinuxException exception) when (exception.Error == Errno.AddressNotAvailable)
        {
            return null;
        }
    }

    private static unsafe ReadOnlySpan<byte> Ask(FileDescriptor socket, nuint request, string name, string call)
    {
        var ifreq = new byte[RequestLength];
        Encoding.ASCII.GetBytes(name, ifreq);
        fixed (byte* start = ifreq)
            LinuxException.ThrowIfFailed(Libc.Ioctl(socket, request, start), call, name);
        return ifreq.AsSpan(NameLength);
    }
}
