namespace MulticastLab.Router.Shell;

/// <summary>What the words of the commands mean, for <c>?</c>.</summary>
internal static class WordHelp
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["add"] = "Add an interface, a route, a membership",
        ["clear"] = "Drop what was learnt",
        ["configuration"] = "The running configuration",
        ["count"] = "End after that many",
        ["del"] = "Take away an interface, a route, a membership",
        ["detail"] = "With sources and timers",
        ["drop"] = "Leave a group",
        ["groups"] = "Groups with members",
        ["igmp"] = "Group membership",
        ["interface"] = "Of one interface",
        ["ip"] = "IPv4",
        ["list"] = "What the kernel forwards",
        ["membership"] = "A group that the router itself joins",
        ["mfc"] = "Multicast routes",
        ["mroute"] = "Multicast routes",
        ["set"] = "Change settings of an interface",
        ["show"] = "Show state",
        ["sources"] = "Sources of groups",
        ["static-group"] = "A group that is forwarded without members",
        ["vif"] = "An interface that the router serves",
        ["vifs"] = "The kernel's multicast interfaces",
    };

    /// <summary>What a word means in a command.</summary>
    public static string Of(string word, ShellCommand command) => Texts.TryGetValue(word, out var text) ? text : command.Help;
}
