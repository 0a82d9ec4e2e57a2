using System.Collections.Immutable;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>How to load an artifact from .NET, from Python and in a terminal.</summary>
internal static class LoadSection
{
    public static XElement Create(ImmutableArray<ReportBudget> budgets)
    {
        string folder = $"{budgets[0].Record.Model}/{budgets[^1].Name}";
        return Section(
            "load",
            "How to load it",
            Element("p", Class("note"), "An artifact is the folder ", Element("code", "MODEL/BUDGET"), " beside this page."),
            Element(
                "div",
                Class("snippets"),
                Snippet(".NET (package Rocket.Inference)", $"using RocketChatClient client = RocketChatClient.Load(\"{folder}\");\nConsole.WriteLine(await client.GetResponseAsync(\"Hello!\"));"),
                Snippet("Python (transformers)", $"from transformers import AutoModelForCausalLM, AutoTokenizer\n\ntokenizer = AutoTokenizer.from_pretrained(\"{folder}\")\nmodel = AutoModelForCausalLM.from_pretrained(\"{folder}\", trust_remote_code=True)"),
                Snippet("Terminal", $"dotnet rocket inspect {folder} --verify\ndotnet rocket chat {folder}")));
    }

    private static XElement Snippet(string title, string code) => Element(
        "div",
        Element("h3", title),
        Element("pre", Attribute("tabindex", 0), Attribute("role", "region"), Attribute("aria-label", title), Element("code", code)));
}
