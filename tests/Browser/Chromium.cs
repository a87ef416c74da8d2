using Microsoft.Playwright;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Reports.Comparing;
using MulticastLab.Conformance.Reports.Pages;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests.Conformance;
using Xunit;

namespace MulticastLab.Browser;

/// <summary>Debian's Chromium, and the pages of a report with every verdict.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    // What it would fetch of itself is nothing that a test wants.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;
    private MadeReport? made;

    /// <summary>The page of the run.</summary>
    public string Report => Address(ReportForms.PageName);

    /// <summary>The page that compares it with another.</summary>
    public string Comparison => Address("both.html");

    /// <summary>Where pictures are kept, to be looked at.</summary>
    public static string Pictures => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures")).FullName;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Program), $"{Program} is missing: apt-get install chromium");
        made = await MadeReport.Make();
        ReportForms.Write(made.Folder);
        WriteComparison(made);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = Arguments,
            Headless = true,
            Timeout = 120_000,
        });
    }

    /// <summary>A page of a window of its own, opened at an address.</summary>
    internal async Task<OpenPage> Open(string address, BrowserNewContextOptions? options = null)
    {
        var context = await browser!.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        var open = new OpenPage(await context.NewPageAsync());
        await open.Page.GotoAsync(address);
        return open;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        made?.Dispose();
    }

    private static void WriteComparison(MadeReport made)
    {
        var other = ReportFolder.Create(Path.Combine(made.Folder.Path, "other"), made.Report with
        {
            Device = made.Report.Device with { Name = "other" },
            Tests = [.. made.Report.Tests.Select(each => each.Verdict == Verdict.Fail ? each with { Verdict = Verdict.Pass } : each)],
        });
        using var page = new StreamWriter(Path.Combine(made.Folder.Path, "both.html"));
        ComparisonPage.Write(ReportComparison.Of([made.Folder, other]), page, made.Folder.Path);
    }

    private string Address(string page) => new Uri(Path.Combine(made!.Folder.Path, page)).AbsoluteUri;
}

/// <summary>A page that is open, and what it has complained of.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];
    private readonly List<string> requests = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Dialog += (_, dialog) => complaints.Add(dialog.Message);
        page.Request += (_, request) => requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What was wrong with it.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>All that it has asked for.</summary>
    public IReadOnlyList<string> Requests => requests;

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
