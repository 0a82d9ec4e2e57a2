using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace Rocket.Tool.Tests.Reporting;

/// <summary>A real headless Chromium that looks at a page as a reader does.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private const string Variable = "ROCKET_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    private IBrowser? _browser;

    public async ValueTask InitializeAsync() => _browser = await Puppeteer.LaunchAsync(new LaunchOptions
    {
        ExecutablePath = Executable(),
        Headless = true,

        // A container's root has no sandbox of its own.
        Args = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        Timeout = 120_000,
    });

    /// <summary>Opens a page; what it logs and asks for is noted.</summary>
    public async Task<ReportView> OpenAsync(string path, int width, bool isDark)
    {
        IPage page = await _browser!.NewPageAsync();
        List<string> messages = [];
        List<string> requests = [];
        page.Console += (_, message) => messages.Add(message.Message.Text);
        page.PageError += (_, error) => messages.Add(error.Message);
        page.Request += (_, request) => requests.Add(request.Request.Url);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);
        await page.GoToAsync(new Uri(path).AbsoluteUri);
        return new ReportView(page, messages, requests);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    private static string Executable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return chosen;
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"There is no Chromium on the PATH. Install it, or name one in {Variable}.");
    }
}

/// <summary>An open page.</summary>
public sealed record ReportView(IPage Page, List<string> Messages, List<string> Requests) : IAsyncDisposable
{
    private const string Axe = "axe.run(document, { resultTypes: ['violations'] }).then(found => JSON.stringify(found.violations.map(v => v.id + ' ' + v.tags.join(',') + ': ' + v.nodes.map(n => n.html.slice(0, 120) + ' ' + n.failureSummary).join(' | '))))";

    /// <summary>What axe-core finds wrong, of every level.</summary>
    public async Task<string[]> ViolationsAsync()
    {
        await Page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        return System.Text.Json.JsonSerializer.Deserialize<string[]>(await Page.EvaluateExpressionAsync<string>(Axe))!;
    }

    public async ValueTask DisposeAsync() => await Page.DisposeAsync();
}
