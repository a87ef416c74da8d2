namespace MulticastLab.Linux.Posix;

/// <summary>Socket constants of the kernel's uapi headers (asm-generic: x86-64 and arm64).</summary>
internal static class SocketConstants
{
    public const int FamilyUnix = 1;
    public const int FamilyInet = 2;
    public const int FamilyInet6 = 10;
    public const int FamilyPacket = 17;

    public const int TypeStream = 1;
    public const int TypeDatagram = 2;
    public const int TypeRaw = 3;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int LevelSocket = 1;
    public const int LevelIp = 0;
    public const int LevelPacket = 263;

    public const int ReuseAddress = 2;
    public const int PendingError = 4; // SO_ERROR
    public const int ReceiveBuffer = 8;
    public const int PeerCredentials = 17;
    public const int AttachFilter = 26;
    public const int ReceiveBufferForce = 33;
    public const int ReceiveQueueOverflow = 40;

    // The _NEW form: 64-bit seconds on every architecture.
    public const int TimestampNanoseconds = 64;

    public const int DontWait = 0x40;
    public const int Truncated = 0x20;
    public const int NoSignal = 0x4000;
}
