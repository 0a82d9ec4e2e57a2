using Rocket.Pipeline.Reporting;

namespace Rocket.Tool.Tests.Reporting;

/// <summary>The page in a real browser, with everything on it that it can show.</summary>
public sealed class ReportPageTests(ReportBrowser browser) : IClassFixture<ReportBrowser>, IDisposable
{
    // Boxes of texts in a chart that share pixels, and elements that reach over the page's edge, except in a box that scrolls.
    private const string Faults = """
        (() => {
          const faults = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) faults.push('the page is ' + root.scrollWidth + ' wide');
          for (const chart of document.querySelectorAll('svg')) {
            if (getComputedStyle(chart).display === 'none') continue;
            const texts = [...chart.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
            for (let i = 0; i < texts.length; i++)
              for (let j = i + 1; j < texts.length; j++) {
                const [a, b] = [texts[i][1], texts[j][1]];
                if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) faults.push(texts[i][0] + ' lies over ' + texts[j][0]);
              }
          }
          for (const element of document.querySelectorAll('main *')) {
            if (element.closest('.scroll, pre, .hidden, svg')) continue;
            const box = element.getBoundingClientRect();
            if (box.width > 0 && box.right > root.clientWidth + 1) faults.push(element.tagName + ' ' + element.className + ' ends at ' + box.right);
          }
          for (const cell of document.querySelectorAll('.heat td, .heat th, .card dd, .card dt'))
            if (cell.offsetParent && cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth > 0) faults.push('cut: ' + cell.textContent);
          return JSON.stringify(faults);
        })()
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(1920, false)]
    [InlineData(1920, true)]
    public async Task The_page_is_sound_on_every_screen_in_light_and_dark(int width, bool isDark)
    {
        await using ReportView view = await browser.OpenAsync(WriteSample(), width, isDark);
        if (Environment.GetEnvironmentVariable("ROCKET_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await view.Page.ScreenshotAsync(Path.Combine(folder, $"report-{width}-{(isDark ? "dark" : "light")}.png"), new() { FullPage = true });
        }

        Assert.Equal("[]", await view.Page.EvaluateExpressionAsync<string>(Faults));
        Assert.Equal(isDark, await view.Page.EvaluateExpressionAsync<bool>("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 100"));
        Assert.Empty(await view.ViolationsAsync());
        Assert.Empty(view.Messages);
        Assert.All(view.Requests, request => Assert.True(request == view.Page.Url || request.StartsWith("data:", StringComparison.Ordinal), request));
        Assert.Equal(1, await view.Page.EvaluateExpressionAsync<int>("[...document.querySelectorAll('svg')].filter(svg => getComputedStyle(svg).display !== 'none').length"));
    }

    [Fact]
    public async Task Names_of_files_and_models_are_text_and_never_markup()
    {
        await using ReportView view = await browser.OpenAsync(WriteSample(), 1280, isDark: false);
        Assert.Equal("smollm2 <b>&amp; </style><script>document.title='owned'</script>\uFFFD", await view.Page.EvaluateExpressionAsync<string>("document.querySelector('h1').textContent"));
        Assert.Equal(0, await view.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('script').length"));
        Assert.NotEqual("owned", await view.Page.GetTitleAsync());
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_everything_and_chooses_a_budget()
    {
        await using ReportView view = await browser.OpenAsync(WriteSample(), 1280, isDark: false);
        await view.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await view.Page.EvaluateExpressionAsync<string>("document.activeElement.textContent"));
        List<string> reached = [];
        for (int i = 0; i < 60 && (reached.Count == 0 || reached[^1] != "BODY"); i++)
        {
            await view.Page.Keyboard.PressAsync("Tab");
            reached.Add(await view.Page.EvaluateExpressionAsync<string>("document.activeElement.tagName + ' ' + (document.activeElement.getAttribute('aria-label') ?? document.activeElement.id)").ContinueWith(text => text.Result.Trim(), TaskScheduler.Default));
            if (reached[^1] == "INPUT b4")
            {
                Assert.Equal(["panel4"], await ShownPanels(view));
                await view.Page.Keyboard.PressAsync("ArrowLeft");
                Assert.Equal(["panel3"], await ShownPanels(view));
            }
        }

        Assert.Contains("INPUT b4", reached);
        Assert.Contains("DIV r20: kept share of parameters, percent", reached.Select(name => name.Replace("r40", "r20", StringComparison.Ordinal)));
        Assert.Contains("PRE Terminal", reached);
    }

    [Fact]
    public async Task On_paper_all_budgets_are_shown_and_colours_are_those_of_paper()
    {
        await using ReportView view = await browser.OpenAsync(WriteSample(), 800, isDark: true);
        await view.Page.EmulateMediaTypeAsync(PuppeteerSharp.Media.MediaType.Print);
        Assert.Equal(["panel0", "panel1", "panel2", "panel3", "panel4"], await ShownPanels(view));
        Assert.Equal("rgb(255, 255, 255)", await view.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("none", await view.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.querySelector('nav')).display"));
        Assert.True((await view.Page.PdfDataAsync()).Length > 10_000);
    }

    [Fact]
    public void The_page_tells_both_losses_their_rank_correlation_the_intervals_and_the_sources_of_the_cost()
    {
        string page = File.ReadAllText(WriteSample());
        Assert.Contains("<li class=\"predicted\">predicted</li>", page, StringComparison.Ordinal);
        Assert.Contains("<li class=\"measured1\">measured on valid.txt</li>", page, StringComparison.Ordinal);
        Assert.Contains("on valid.txt, 5 budgets: 1.00.", page, StringComparison.Ordinal);
        Assert.Contains("arc_easy, acc_norm, 200 items", page, StringComparison.Ordinal);
        Assert.Contains("41.2 % to 54.9 %", page, StringComparison.Ordinal); // Wilson's interval of 96 in 200.
        Assert.Contains("Energy: an estimate from 640 s of processor time", page, StringComparison.Ordinal);
        Assert.Contains("480 g CO₂ a kWh, the world's mean of 2023", page, StringComparison.Ordinal);
        Assert.Contains("form-of-tomorrow", page, StringComparison.Ordinal);
        Assert.Contains("same top token", page, StringComparison.Ordinal);
        Assert.Contains("rocket/1, sequential correction, sensitivity: cost, refinement: none", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_records_give_the_same_page_and_it_is_then_left_alone()
    {
        string path = WriteSample();
        DateTime written = File.GetLastWriteTimeUtc(path);
        byte[] first = File.ReadAllBytes(path);
        ReportPage.Write(Path.GetDirectoryName(path)!);
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    private static async Task<string[]> ShownPanels(ReportView view)
        => (await view.Page.EvaluateExpressionAsync<string>("[...document.querySelectorAll('.panel')].filter(panel => getComputedStyle(panel).display !== 'none').map(panel => panel.id).join()")).Split(',');

    private string WriteSample()
    {
        string folder = _folder.At("out", "model");
        SampleRecords.Write(folder);
        return ReportPage.Write(folder);
    }
}
