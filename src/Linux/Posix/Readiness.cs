namespace MulticastLab.Linux.Posix;

/// <summary>What an <see cref="EventLoop"/> waits for on a descriptor, and what has come (epoll_ctl(2)).</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing is asked for; errors and hang-ups are reported all the same.</summary>
    None = 0,

    /// <summary>EPOLLIN: there is something to read.</summary>
    Read = 1,

    /// <summary>EPOLLOUT: there is room to write.</summary>
    Write = 4,

    /// <summary>EPOLLERR: an error is pending.</summary>
    Error = 8,

    /// <summary>EPOLLHUP: the other side has closed both ways.</summary>
    HangUp = 16,
}
