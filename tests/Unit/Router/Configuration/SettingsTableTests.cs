using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Settings;
using MulticastLab.Daemon.Configuration;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>The table of settings and what comes from it: the file's text, the schema, the documentation.</summary>
public sealed class SettingsTableTests
{
    /// <summary>A value of each setting that is not its default and goes with the defaults of the others.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["version"] = "2",
        ["oldest-version"] = "2",
        ["query-interval"] = "60.5",
        ["query-max-response-time"] = "5",
        ["last-member-query-interval"] = "0.1",
        ["last-member-query-count"] = "5",
        ["robustness-variable"] = "3",
        ["startup-query-interval"] = "0.25",
        ["startup-query-count"] = "7",
        ["unsolicited-report-interval"] = "0.5",
        ["require-router-alert"] = "true",
        ["verify-source-subnet"] = "true",
        ["accepted-senders"] = "[10.0.0.0/24, 10.1.0.0/16]",
        ["immediate-leave"] = "always",
        ["immediate-leave-scope"] = "source-specific",
        ["explicit-tracking"] = "true",
        ["max-groups"] = "1000",
        ["max-group-sources"] = "unlimited",
        ["max-sources-per-group"] = "20",
        ["max-hosts"] = "500",
        ["group-policy"] = "[deny 239.1.1.0/24, permit 239.0.0.0/8]",
        ["source-policy"] = "[permit 192.0.2.0/24]",
        ["ssm-range"] = "[232.0.0.0/8, 239.232.0.0/16]",
        ["ssm-map"] = "[{groups: 232.1.0.0/16, source: 192.0.2.1}]",
        ["static-group"] = "[239.1.1.1, {group: 232.1.1.1, source: 192.0.2.1}]",
        ["join-group"] = "[239.1.1.2]",
        ["join-routers-group"] = "false",
    };

    public static TheoryData<string> Names => [.. RouterInterfaceSettings.Table.Names];

    [Fact]
    public void No_name_is_there_twice() =>
        RouterInterfaceSettings.Table.Names.Concat(RouterGlobalSettings.Table.Names).Should().OnlyHaveUniqueItems();

    [Fact]
    public void The_option_of_every_truth_value_that_is_false_by_default_stands_alone_and_no_other_does()
    {
        Check(RouterInterfaceSettings.Table);
        Check(RouterGlobalSettings.Table);
        Check(HostAgentSettings.Table);

        static void Check<TOwner>(SettingTable<TOwner> table)
            where TOwner : class =>
            table.All.Should().OnlyContain(each => each.IsFlag == (each.Type is FlagType && each.WhenUnset == "false"));
    }

    [Fact]
    public void A_command_line_defines_only_the_settings_that_it_gives()
    {
        // The definitions of half a hundred settings would make a start a third longer.
        var defined = new List<string>();
        var table = new SettingTable<LogOptions>(new LogOptions(), perInterface: false, Row("one"), Row("other"), Flag("flag"));
        var arguments = new SettingArguments<LogOptions>(table.Options);
        var command = new RootCommand();
        foreach (var option in arguments.Options)
            command.Options.Add(option);

        var parsed = command.Parse(["--one", "60", "--flag"]);
        arguments.Given(parsed).Useless(table).Should().BeEmpty();
        parsed.Errors.Should().BeEmpty();

        defined.Should().Equal("one");

        Setting<LogOptions> Row(string name) => new(name, () => Defined(name));

        Setting<LogOptions> Flag(string name) => new(name, () =>
        {
            defined.Add(name);
            return new FlagDefinition<LogOptions>("", "", new LogOptions(), _ => false, (log, _) => log);
        });

        SettingDefinition<LogOptions> Defined(string name)
        {
            defined.Add(name);
            return new SettingDefinition<LogOptions>(new NumberType(1, 100), "", "", new LogOptions(), null, _ => null, (log, _) => log);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_comes_back_from_the_file(string name)
    {
        Samples.Should().ContainKey(name, "every setting has a sample here");
        var setting = RouterInterfaceSettings.Table.Find(name)!;

        var read = ConfigurationReader.Read("r.yaml", $"interfaces: {{eth0: {{{name}: {Samples[name]}}}}}");
        var again = ConfigurationReader.Read("r.yaml", ConfigurationWriter.Write(read));

        var settings = again.Interfaces.Single().Settings;
        setting.IsSet(settings).Should().Be(setting.Text(RouterInterfaceSettings.Table.Defaults) != Samples[name]);
        setting.Text(settings).Should().Be(Samples[name]);
        RouterInterfaceSettings.Table.All.Should().OnlyContain(each => each.IsSame(settings, read.Interfaces[0].Settings));
        RouterInterfaceSettings
            .Table.All.Should()
            .OnlyContain(each => each == setting || !each.IsSet(settings), "nothing else is set by it");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_taken_back_leaves_the_others(string name)
    {
        var all = ConfigurationReader
            .Read("r.yaml", $"interfaces: {{eth0: {{{string.Join(", ", Samples.Select(each => $"{each.Key}: {each.Value}"))}}}}}")
            .Interfaces[0]
            .Settings;
        var setting = RouterInterfaceSettings.Table.Find(name)!;

        var without = RouterInterfaceSettings.Table.Without(all, setting);

        setting.IsSet(without).Should().BeFalse();
        RouterInterfaceSettings.Table.All.Should().OnlyContain(each => each == setting || each.IsSame(all, without));
    }

    [Fact]
    public void What_follows_others_is_set_when_it_was_set_to_the_very_value_that_it_had()
    {
        var settings = ConfigurationReader.Read("r.yaml", "interfaces: {eth0: {startup-query-count: 2}}").Interfaces[0].Settings;

        RouterInterfaceSettings.Table.Written(settings).Should().Equal(("startup-query-count", "2"));
    }

    [Fact]
    public void The_whole_comes_back_from_the_file()
    {
        var options = new RouterOptions
        {
            Forward = true,
            Metrics = IPEndPoint.Parse("[::1]:9464"),
            Log = new LogOptions { Level = LogLevel.Warning, Format = LogFormat.Json },
            ControlPath = "/run/a b/router.sock",
            Interfaces =
            [
                new("eth0", RouterInterfaceSettings.Table.Defaults with { RequireRouterAlert = true }),
                new("on", RouterInterfaceSettings.Table.Defaults),
                new("br-1.100", RouterInterfaceSettings.Table.Defaults),
            ],
        };

        var text = ConfigurationWriter.Write(options);

        text.Should().Be("""
            forward: true
            control: /run/a b/router.sock
            metrics: "[::1]:9464"
            log-level: warning
            log-format: json
            interfaces:
              eth0:
                require-router-alert: true
              "on": {}
              br-1.100: {}

            """);
        ConfigurationReader
            .Read("r.yaml", text)
            .Should()
            .BeEquivalentTo(options, check => check.Excluding(each => each.Places), "a place is the file's own");
    }

    [Fact]
    public void The_schema_for_editors_is_the_tables() => GeneratedText.ShouldBe("docs/router.schema.json", ConfigurationSchema.Write());

    [Fact]
    public void The_schema_knows_every_setting_and_no_other()
    {
        var schema = JsonNode.Parse(ConfigurationSchema.Write())!;

        ((JsonObject)schema["properties"]!)
            .Select(each => each.Key)
            .Should()
            .BeEquivalentTo([.. RouterGlobalSettings.Table.Names, "defaults", "interfaces"]);
        ((JsonObject)schema["definitions"]!["settings"]!["properties"]!)
            .Select(each => each.Key)
            .Should()
            .BeEquivalentTo(RouterInterfaceSettings.Table.Names);
    }

    [Fact]
    public void The_documentation_has_the_tables()
    {
        GeneratedText.ShouldHold(
            "docs/router-configuration.md", "settings of the router", SettingsDocumentation.ForFile(RouterGlobalSettings.Table));
        GeneratedText.ShouldHold(
            "docs/router-configuration.md", "settings of an interface", SettingsDocumentation.ForFile(RouterInterfaceSettings.Table));
        GeneratedText.ShouldHold("docs/hostagent.md", "settings of a host", SettingsDocumentation.ForCommandLine(HostAgentSettings.Table));
    }

    [Fact]
    public void The_sample_is_valid()
    {
        var sample = Path.Combine(Repository.Root, "docs/router.sample.yaml");

        ConfigurationReader.ReadFile(sample).Interfaces.Should().NotBeEmpty();
        File.ReadAllText(sample).Should().StartWith("# yaml-language-server: $schema=router.schema.json\n");
    }
}
