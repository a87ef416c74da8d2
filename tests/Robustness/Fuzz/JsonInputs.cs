using System.Text;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>State dumps that are almost right.</summary>
internal static class JsonInputs
{
    public static IEnumerable<FuzzInput> Texts(Random random)
    {
        var sound = Encoding.UTF8.GetBytes(RouterStateJson.ToText(Sound()));
        while (true)
            yield return new FuzzInput(TimeSpan.Zero, Blur.Apply(sound, random));
    }

    private static RouterState Sound() => new()
    {
        Interfaces =
        [
            new InterfaceState
            {
                Name = "eth0",
                Up = true,
                Version = 3,
                Querier = Addresses.Igmp.Own,
                IsQuerier = true,
                GeneralQueryExpires = TimeSpan.FromSeconds(12.5),
                Groups =
                [
                    new GroupState { Group = Address.Parse("239.1.1.1"), Mode = FilterMode.Exclude, CompatibilityMode = 3,
                        Expires = TimeSpan.FromSeconds(250), Sources = [new SourceState { Source = Addresses.Igmp.Sender }] },
                    new GroupState { Group = Address.Parse("239.1.1.2"), Mode = FilterMode.Include, CompatibilityMode = 3,
                        Sources = [new SourceState { Source = Addresses.Igmp.Sender, Expires = TimeSpan.FromSeconds(9) }] },
                ],
            },
        ],
        Statistics = new StatisticsState { Error = new Dictionary<string, long> { ["checksum"] = 3 },
            Sent = new Dictionary<string, long> { ["query"] = 7 } },
    };
}

/// <summary>The reader of state dumps: refused with a reason, or read so that it can be written and read again.</summary>
internal sealed class JsonTarget : IFuzzTarget
{
    public void Feed(FuzzInput input)
    {
        RouterState state;
        try
        {
            state = RouterStateJson.Read(input.Bytes);
        }
        catch (FormatException refused)
        {
            Invariant.Holds(refused.Message.Length > 0, $"refused without a reason");
            return;
        }

        var text = RouterStateJson.ToText(state);
        Invariant.Holds(RouterStateJson.ToText(RouterStateJson.Read(text)) == text, $"what was read reads differently when written again");
    }

    public void Finish()
    {
    }
}
