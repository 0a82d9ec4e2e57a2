using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket plan</c>: tells what a build would take and how the budgets would be shared.</summary>
internal static class PlanCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var manifestOptions = new ManifestOptions();
        var sources = new SourceOptions();
        var engine = new EngineOptions();
        var sharing = new SharedCacheOptions();
        var estimateOnly = new Option<bool>("--estimate") { Description = "Tell the time and memory that a build is expected to take, and stop." };
        var whatIf = new Option<string?>("--what-if") { Description = "Show a whole curve instead of the manifest's budgets: of shares to remove (10%..60%), or of bits a weight (3..16).", HelpName = "FROM..TO" };
        var step = new Option<string?>("--step") { Description = "Distance between two points of --what-if; 5% or 0.5 bits by default.", HelpName = "STEP" };
        var command = new Command("plan", "Show what a build would take and what every budget would make of the model.") { estimateOnly, whatIf, step };
        manifestOptions.AddTo(command);
        sources.AddTo(command);
        engine.AddTo(command);
        engine.AddMemoryTo(command);
        engine.AddDeviceTo(command);
        sharing.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket plan rocket.yaml --budget r30");
        return globals.SetAction(command, (parsed, session) =>
        {
            WhatIfRange? range = WhatIfRange.Read(parsed.GetValue(whatIf), parsed.GetValue(step));
            RocketManifest manifest = manifestOptions.Read(parsed);
            using Store store = sharing.OpenStore(engine.CacheFolder(parsed), parsed, session, manifest);
            manifest = sources.Restore(parsed, session, manifest, store);
            using RemoteCache? remote = sharing.OpenRemote(parsed, session, manifest, sendsAll: false);
            using var models = OpenModels.Open(manifest, () => engine.CreateContext(parsed, session, store, manifest.Device, remote));
            var json = new JsonArray();
            foreach (OpenModel model in models.All)
            {
                if (!session.IsJson)
                {
                    session.Terminal.WriteLine($"{model.Manifest.Name}: {EstimateText.Of(model.Build.Estimate)}");
                }
                else if (session.Verbosity != Verbosity.Quiet)
                {
                    session.Log.Message($"{model.Manifest.Name}: {EstimateText.Of(model.Build.Estimate)}");
                }

                json.Add(new JsonObject { ["name"] = model.Manifest.Name, ["estimate"] = EstimateText.ToJson(model.Build.Estimate), ["plans"] = new JsonArray() });
            }

            if (!parsed.GetValue(estimateOnly))
            {
                for (int i = 0; i < models.All.Count; i++)
                {
                    if (range is { } asked)
                    {
                        json[i]!["curve"] = PlanCurve(models.All[i], session, asked);
                    }
                    else
                    {
                        PlanModel(models.All[i], session, json[i]!["plans"]!.AsArray());
                    }
                }
            }

            remote?.Finish();
            store.EndSession();
            if (session.IsJson)
            {
                JsonOutput.Write(session.Terminal, new JsonObject { ["manifest"] = manifest.Path, ["models"] = json });
            }

            return 0;
        });
    }

    private static void PlanModel(OpenModel model, Session session, JsonArray json)
    {
        List<(string Name, CompressionPlan Plan, long Bytes)> chosen = [];
        foreach (BudgetManifest budget in model.Manifest.Budgets)
        {
            CompressionPlan plan = session.Log.Run(() => model.Build.Plan(budget));
            long bytes = model.Build.BytesOf(plan);
            chosen.Add((budget.Name, plan, bytes));
            if (session.IsJson)
            {
                json.Add(PlanView.ToJson(budget.Name, plan, bytes));
            }
            else
            {
                PlanView.Render(session.Terminal, $"{model.Manifest.Name}/{budget.Name}", plan, bytes);
            }
        }

        if (!session.IsJson)
        {
            // The curve of a kind of budget that the manifest has: its profiles are there.
            WhatIfRange curve = model.Manifest.Budgets.Any(budget => budget.Kind.CountsBytes()) ? WhatIfRange.EveryBit : WhatIfRange.EveryShare;
            ImmutableArray<WhatIfPoint> points = session.Log.Run(() => model.Build.WhatIf(curve.Kind, curve.Limits));
            CurvePlot.Render(session.Terminal, model.Manifest.Name, points, chosen);
        }
    }

    private static JsonArray? PlanCurve(OpenModel model, Session session, WhatIfRange range)
    {
        ImmutableArray<WhatIfPoint> points = session.Log.Run(() => model.Build.WhatIf(range.Kind, range.Limits));
        if (session.IsJson)
        {
            return CurveView.ToJson(points);
        }

        CurveView.Render(session.Terminal, model.Manifest.Name, points);
        CurvePlot.Render(session.Terminal, model.Manifest.Name, points, []);
        return null;
    }
}
