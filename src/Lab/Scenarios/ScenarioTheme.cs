namespace MulticastLab.Lab.Scenarios;

/// <summary>What a scenario is about; lists show the scenarios under these, in this order.</summary>
public enum ScenarioTheme
{
    /// <summary>Who the querier is, and who takes over (RFC 9776 §6.6.2).</summary>
    Election,

    /// <summary>Groups and sources that are given up: Last Member Queries (§6.4.2, §6.6.3).</summary>
    Leaving,

    /// <summary>Filter modes, source lists and timers of a router's state (§6.2 to §6.5).</summary>
    Sources,

    /// <summary>What hosts report, and when (§5).</summary>
    Hosts,

    /// <summary>Hosts and routers of versions 1 and 2 (§7).</summary>
    Versions,

    /// <summary>Source-specific multicast (RFC 4604, RFC 4607).</summary>
    SourceSpecific,

    /// <summary>Lost, malformed and forged messages, and routers that restart (RFC 9776 §4, §8.1, §9).</summary>
    Robustness,

    /// <summary>Many groups, many sources, short timers.</summary>
    Scale,

    /// <summary>Switches that snoop (RFC 4541).</summary>
    Switches,
}

/// <summary>What can be said of every theme.</summary>
public static class ScenarioThemes
{
    /// <summary>The theme as a heading.</summary>
    public static string Title(this ScenarioTheme theme) => theme switch
    {
        ScenarioTheme.Election => "Querier election",
        ScenarioTheme.Leaving => "Leaving and blocking",
        ScenarioTheme.Sources => "Filter modes and sources",
        ScenarioTheme.Hosts => "Hosts",
        ScenarioTheme.Versions => "Versions 1 and 2",
        ScenarioTheme.SourceSpecific => "Source-specific multicast",
        ScenarioTheme.Robustness => "Robustness",
        ScenarioTheme.Scale => "Scale",
        ScenarioTheme.Switches => "Snooping switches",
    };
}
