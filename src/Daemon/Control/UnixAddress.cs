using System.Text;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// The path of a Unix socket in a form that the kernel accepts. Its addresses hold 107 bytes; a longer path is reached through its
/// folder's descriptor, which is held open until this is disposed.
/// </summary>
internal sealed class UnixAddress : IDisposable
{
    private const int Limit = 107;
    private const int PathOnlyDirectory = 0x200000 | 0x10000 | 0x80000; // O_PATH | O_DIRECTORY | O_CLOEXEC

    private readonly FileDescriptor? folder;

    public UnixAddress(string path)
    {
        Text = path;
        if (Encoding.UTF8.GetByteCount(path) <= Limit)
            return;
        var folderPath = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        folder = Libc.Open(folderPath, PathOnlyDirectory, 0);
        if (folder.IsInvalid)
            throw LinuxException.Last("open", folderPath);
        Text = $"/proc/self/fd/{folder.Number}/{System.IO.Path.GetFileName(path)}";
        if (Encoding.UTF8.GetByteCount(Text) > Limit)
            throw ControlException.Usage($"the file name of {path} is too long for a Unix socket");
    }

    /// <summary>A path of at most 107 bytes that leads to the socket.</summary>
    public string Text { get; }

    /// <summary>The path as <c>struct sockaddr_un</c>.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[2 + Encoding.UTF8.GetByteCount(Text) + 1];
        BitConverter.TryWriteBytes(bytes, (ushort)SocketConstants.FamilyUnix);
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(2));
        return bytes;
    }

    public void Dispose() => folder?.Dispose();
}
