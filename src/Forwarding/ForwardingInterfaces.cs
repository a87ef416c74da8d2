using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// The interfaces between which packets are forwarded, each by a number of its own (0 to 31; in the kernel it is the number of the VIF).
/// </summary>
public sealed class ForwardingInterfaces
{
    /// <summary>No interface.</summary>
    public const int None = -1;

    private readonly int[] indexes = new int[OutgoingInterfaces.Most];
    private readonly string?[] names = new string?[OutgoingInterfaces.Most];
    private readonly byte[] thresholds = new byte[OutgoingInterfaces.Most];
    private Dictionary<string, byte> configured = [];

    /// <summary>The numbers of the interfaces that are up, ascending.</summary>
    public IEnumerable<int> Up => Enumerable.Range(0, OutgoingInterfaces.Most).Where(IsUp);

    /// <summary>An interface is up.</summary>
    /// <param name="number">Its number, 0 to 31.</param>
    /// <param name="name">Its name, by which static routes and the like refer to it.</param>
    /// <param name="index">The system's index of it, above 0, by which unicast routes refer to it.</param>
    public void SetUp(int number, string name, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        (names[number], indexes[number], thresholds[number]) = (name, index, ThresholdOf(name));
    }

    /// <summary>An interface is down, or takes no part any more.</summary>
    public void SetDown(int number) => indexes[number] = 0;

    /// <summary>Makes these the TTL thresholds of interfaces, up or not; those of the others are 1.</summary>
    public void SetThresholds(IEnumerable<StaticOutput> wanted)
    {
        configured = wanted.ToDictionary(each => each.Interface, each => each.Threshold);
        foreach (var number in Up)
            thresholds[number] = ThresholdOf(names[number]!);
    }

    /// <summary>Whether the interface is up.</summary>
    public bool IsUp(int number) => Index(number) != 0;

    /// <summary>The system's index of an interface; 0 while it is down.</summary>
    public int Index(int number) => (uint)number < (uint)indexes.Length ? indexes[number] : 0;

    /// <summary>The name of an interface that is up.</summary>
    public string Name(int number) => names[number] ?? $"interface {number}";

    /// <summary>The TTL threshold of an interface, 1 to 255.</summary>
    public byte Threshold(int number) => IsUp(number) ? thresholds[number] : (byte)1;

    /// <summary>The TTL threshold of the interface of that name, up or not.</summary>
    public byte ThresholdOf(string name) => configured.GetValueOrDefault(name, (byte)1);

    /// <summary>The number of the interface of that name; <see cref="None"/> while it is down.</summary>
    public int Named(string name)
    {
        for (var number = 0; number < indexes.Length; number++)
        {
            if (indexes[number] != 0 && names[number] == name)
                return number;
        }

        return None;
    }

    /// <summary>The number of the interface with that index of the system; <see cref="None"/> when it is down or takes no part.</summary>
    public int OfIndex(int index) => index == 0 ? None : Array.IndexOf(indexes, index);
}
