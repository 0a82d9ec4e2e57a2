using System.CommandLine;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket inspect</c>: what a model folder holds.</summary>
internal static class InspectCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var folder = new Argument<string>("model") { Description = "Folder of a model: an artifact, or a dense model in Hugging Face layout." };
        var verify = new Option<bool>("--verify") { Description = "Read all tensors: refuse NaN and infinity, and count the bits of every mask." };
        var command = new Command("inspect", "Show the plan and the sizes of a model folder.") { folder, verify };
        ExampleHelp.WithExample(command, "dotnet rocket inspect out/smollm2/r30 --verify");
        return globals.SetAction(command, (parsed, session) =>
        {
            string model = parsed.GetValue(folder)!;
            if (!Directory.Exists(model))
            {
                throw CommandLineErrors.NoFolder(model);
            }

            Inspection inspection = Inspection.Of(model, parsed.GetValue(verify), session.CancellationToken);
            session.Write(() => InspectView.ToJson(inspection), terminal => InspectView.Render(terminal, inspection));
            foreach (RocketException problem in inspection.Problems)
            {
                session.Terminal.ErrorWriter.WriteLine(ErrorReport.Of(problem).Text);
            }

            return inspection.Problems.IsEmpty ? 0 : ErrorReport.UserError;
        });
    }
}
