namespace MulticastLab.HostAgent.Stacks;

/// <summary>A socket that listens to a group, until disposed.</summary>
internal interface IReceiver : IDisposable
{
    /// <summary>How many datagrams it lost because its buffer was full.</summary>
    long Dropped { get; }
}
