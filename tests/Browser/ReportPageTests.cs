using FluentAssertions;
using Microsoft.Playwright;
using Xunit;

namespace MulticastLab.Browser;

/// <summary>
/// The page of a run in a browser: with and without a script, by mouse and by keyboard, wide and narrow, light, dark, on paper.
/// </summary>
public sealed class ReportPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Wanted = "#test-wants-what-is-not-sent";

    [Fact]
    public async Task It_opens_from_disk_without_a_complaint_and_asks_for_nothing()
    {
        await using var open = await chromium.Open(chromium.Report, new() { Offline = true });

        (await open.Page.TitleAsync()).Should().Contain("<script>alert('title')</script>");
        (await open.Page.Locator("h1").TextContentAsync()).Should().StartWith("<script>alert('title')</script> & \"quotes\" \\u0007");
        open.Complaints.Should().BeEmpty();
        open.Requests.Where(each => !each.StartsWith("data:", StringComparison.Ordinal)).Should().Equal(chromium.Report);
    }

    [Fact]
    public async Task Tests_are_filtered_by_verdict_and_by_words()
    {
        await using var open = await chromium.Open(chromium.Report);
        var page = open.Page;
        (await Shown(page)).Should().HaveCount(7);
        (await page.Locator("#shown").TextContentAsync()).Should().Be("7 of 7 shown");

        await page.GetByLabel("Pass (2)").UncheckAsync();
        await page.GetByLabel("Inconclusive (1)").UncheckAsync();
        (await Shown(page)).Should().Equal("is-a-choice", "wants-what-is-not-sent", "forbids-what-is-sent", "has-no-such-option");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("6.4.2 WANTS");
        (await Shown(page)).Should().Equal("wants-what-is-not-sent");
        (await page.Locator("#shown").TextContentAsync()).Should().Be("1 of 7 shown");
        (await page.Locator(".part:visible").CountAsync()).Should().Be(1, "a section without tests is not there");

        await page.Locator("#find").FillAsync("no such thing");
        (await page.Locator("#nothing").IsVisibleAsync()).Should().BeTrue();
        await page.Locator("#find").FillAsync("");
        (await Shown(page)).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_test_opens_by_mouse_by_keyboard_and_by_a_link()
    {
        await using var open = await chromium.Open(chromium.Report);
        var page = open.Page;
        var body = page.Locator($"{Wanted} > .body");
        (await body.IsVisibleAsync()).Should().BeFalse();

        await page.Locator($"{Wanted} > summary").ClickAsync();
        (await body.IsVisibleAsync()).Should().BeTrue();
        (await page.Locator($"{Wanted} svg .ghost").CountAsync()).Should().Be(2);
        (await page.Locator($"{Wanted} svg.sequence").BoundingBoxAsync())!.Height.Should().BeGreaterThan(150);
        (await page.Locator($"{Wanted} a[download]").GetAttributeAsync("href")).Should().Be("captures/wants-what-is-not-sent.pcapng");

        await page.Locator($"{Wanted} > summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        (await body.IsVisibleAsync()).Should().BeFalse();

        await page.GetByLabel("Fail (2)").UncheckAsync();
        await page.Locator($".scorecard a[href='{Wanted}']:visible").First.ClickAsync();
        await body.WaitForAsync();
        await page.Locator("#close-all").ClickAsync();
        (await body.IsVisibleAsync()).Should().BeFalse();
        await page.Locator("#open-all").ClickAsync();
        (await page.Locator(".test[open]").CountAsync()).Should().Be(7);
        open.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_script_everything_can_be_read()
    {
        await using var open = await chromium.Open(chromium.Report, new() { JavaScriptEnabled = false });
        var page = open.Page;

        (await page.Locator("#filter").IsVisibleAsync()).Should().BeFalse();
        (await page.Locator(".test").CountAsync()).Should().Be(7);
        await page.Locator($"{Wanted} > summary").ClickAsync();
        (await page.Locator($"{Wanted} svg.sequence").IsVisibleAsync()).Should().BeTrue();
        await page.Locator($"{Wanted} .fold summary", new() { HasText = "Decoded frames" }).ClickAsync();
        (await page.Locator($"{Wanted} table.frames").IsVisibleAsync()).Should().BeTrue();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 400)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task All_of_it_is_legible_and_nothing_is_wider_than_the_window(ColorScheme scheme, int width)
    {
        await using var open = await chromium.Open(
            chromium.Report, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        var page = open.Page;
        await page.ScreenshotAsync(Picture($"report-{scheme}-{width}"));
        await page.Locator($"{Wanted} > summary").ClickAsync();
        await page.Locator(Wanted).ScreenshotAsync(new() { Path = Path.Combine(Chromium.Pictures, $"test-{scheme}-{width}.png") });
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(each => each.open = true)");

        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width);
        (await page.EvaluateAsync<string[]>(Cut)).Should().BeEmpty("a diagram is as wide as its texts");
        (await page.EvaluateAsync<string[]>(Faint)).Should().BeEmpty("a text needs a contrast of 4.5 to what is behind it");
        var ground = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        ground.Should().Be(scheme == ColorScheme.Dark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
    }

    [Fact]
    public async Task On_paper_what_has_not_passed_is_open()
    {
        await using var open = await chromium.Open(chromium.Report, new() { ColorScheme = ColorScheme.Dark });
        var page = open.Page;
        await page.PdfAsync(new() { Path = Path.Combine(Chromium.Pictures, "report.pdf"), Format = "A4", PrintBackground = true });
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        (await page.Locator($"{Wanted} svg.sequence").IsVisibleAsync()).Should().BeTrue();
        (await page.Locator("#test-leave-asked-2-times > .body").IsVisibleAsync()).Should().BeFalse();
        (await page.Locator("#filter").IsVisibleAsync()).Should().BeFalse();
        (await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).Should().Be("rgb(255, 255, 255)");
        await page.ScreenshotAsync(Picture("report-print"));
        await page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        (await page.Locator(".test[open]").CountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task It_can_be_used_with_a_screen_reader()
    {
        await using var open = await chromium.Open(chromium.Report);

        (await open.Page.EvaluateAsync<string[]>(Structure)).Should().BeEmpty();
    }

    [Fact]
    public async Task Runs_side_by_side_are_filtered_too()
    {
        await using var open = await chromium.Open(chromium.Comparison);
        var page = open.Page;
        (await page.EvaluateAsync<string[]>(Structure)).Should().BeEmpty();
        await page.ScreenshotAsync(Picture("comparison"));

        await page.GetByLabel("the same (5)").UncheckAsync();
        (await page.Locator("tr[data-verdict]:visible th").AllTextContentsAsync()).Should()
            .Equal("wants-what-is-not-sent", "forbids-what-is-sent");
        await page.Locator("tr[data-verdict]:visible a").First.ClickAsync();
        await page.Locator($"{Wanted} > .body").WaitForAsync();
        open.Complaints.Should().BeEmpty();
    }

    // The texts of diagrams that end beyond the diagram.
    private const string Cut =
        """
        () => [...document.querySelectorAll('svg.sequence text')].filter(each => {
          const box = each.getBBox();
          return box.x < 0 || box.x + box.width > each.closest('svg').viewBox.baseVal.width;
        }).map(each => each.textContent)
        """;

    // Every text and what is behind it, by the formula of WCAG 2.
    private const string Faint =
        """
        (() => {
          const channels = color => (color.match(/[\d.]+/g) ?? []).map(Number);
          const light = color => channels(color).slice(0, 3).map(each => each / 255)
            .map(each => each <= .03928 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
            .reduce((sum, each, i) => sum + each * [.2126, .7152, .0722][i], 0);
          const behind = element => {
            for (let each = element; each; each = each.parentElement) {
              const color = getComputedStyle(each).backgroundColor;
              if ((channels(color)[3] ?? 1) > .99) return color;
            }
            return getComputedStyle(document.body).backgroundColor;
          };
          const faint = [];
          const walk = document.createTreeWalker(document.querySelector('body'), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const element = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
            if (element.closest('script, style, svg, .skip, .unseen')) continue;
            const [text, ground] = [light(getComputedStyle(element).color), light(behind(element))];
            const contrast = (Math.max(text, ground) + .05) / (Math.min(text, ground) + .05);
            if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${walk.currentNode.data.trim().slice(0, 40)}`);
          }
          return [...new Set(faint)].slice(0, 20);
        })()
        """;

    private const string Structure =
        """
        (() => {
          const wrong = [];
          const all = selector => [...document.querySelectorAll(selector)];
          if (document.documentElement.lang !== 'en') wrong.push('no language');
          for (const each of ['header', 'main', 'footer', 'h1'])
            if (all(`body > ${each}, header > ${each}`).length !== 1) wrong.push(`not one ${each}`);
          let last = 0;
          for (const each of all('h1, h2, h3, h4, h5')) {
            const level = +each.tagName[1];
            if (level > last + 1) wrong.push(`h${level} after h${last}: ${each.textContent}`);
            last = level;
          }
          for (const each of all('table')) {
            if (!each.caption?.textContent) wrong.push('a table without a caption');
            if (each.querySelector('th:not([scope])')) wrong.push('a heading without a scope');
          }
          for (const each of all('svg')) {
            if (each.getAttribute('aria-hidden') !== 'true' && !(each.getAttribute('role') === 'img' && each.getAttribute('aria-label')))
              wrong.push('an image without a name');
          }
          for (const each of all('[tabindex="0"]'))
            if (!each.getAttribute('role') || !each.getAttribute('aria-label')) wrong.push('a region without a name');
          for (const each of all('input')) if (!each.closest('label')?.textContent.trim()) wrong.push('an input without a label');
          for (const each of all('section[aria-labelledby]'))
            if (!document.getElementById(each.getAttribute('aria-labelledby'))) wrong.push('a section without its heading');
          const skip = document.querySelector('a');
          skip.focus();
          if (skip.hash !== '#main' || skip.getBoundingClientRect().left < 0) wrong.push('the link to the contents is not seen');
          return wrong;
        })()
        """;

    private static PageScreenshotOptions Picture(string name) =>
        new() { Path = Path.Combine(Chromium.Pictures, name + ".png"), FullPage = true };

    private static async Task<IReadOnlyList<string>> Shown(IPage page) =>
        await page.Locator(".test:visible > summary h4").AllTextContentsAsync();
}
