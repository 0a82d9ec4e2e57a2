using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Artifacts;

/// <summary>What a model folder holds, and what is wrong with it.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Bytes">Bytes of all its safetensors files, as the file system tells them.</param>
/// <param name="Tensors">The tensors, by name.</param>
/// <param name="Provenance">rocket.json; null: the model is not of Rocket's making.</param>
/// <param name="Section">The factored linears; null: all are dense.</param>
/// <param name="IsVerified">Whether all tensors were read.</param>
/// <param name="Problems">What is wrong, each a coded error.</param>
public sealed record Inspection(
    string Folder, long Bytes, ImmutableArray<TensorInfo> Tensors, JsonObject? Provenance, RocketSection? Section, bool IsVerified, ImmutableArray<RocketException> Problems)
{
    private const string WeightFiles = "*.safetensors";

    /// <summary>Looks at a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verify">Whether all tensors are read too.</param>
    /// <param name="cancellationToken">Ends the reading between two tensors.</param>
    /// <exception cref="RocketException">The folder holds no weights, or they cannot be opened.</exception>
    public static Inspection Of(string folder, bool verify, CancellationToken cancellationToken)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        string config = Path.Combine(folder, "config.json");
        RocketSection? section = RocketSection.TryRead(config);
        JsonObject? provenance = File.Exists(Path.Combine(folder, Artifacts.Provenance.FileName)) ? Artifacts.Provenance.Read(folder) : null;
        long bytes = new DirectoryInfo(folder).EnumerateFiles(WeightFiles).Sum(file => file.Length);

        var problems = ImmutableArray.CreateBuilder<RocketException>();
        if (provenance is not null && ToldBytes(folder, provenance) is var told && told != bytes)
        {
            problems.Add(OutputErrors.SizesDisagree(folder, told, bytes));
        }

        if (verify)
        {
            problems.AddRange(FaultsOfTensors(checkpoint, cancellationToken));
        }

        if (section is not null)
        {
            problems.AddRange(FaultsOfFactors(checkpoint, section, config, verify));
        }

        return new Inspection(folder, bytes, checkpoint.Tensors, provenance, section, verify, problems.ToImmutable());
    }

    private static long ToldBytes(string folder, JsonObject provenance)
        => provenance["bytes"] is JsonValue value && value.TryGetValue(out long bytes)
            ? bytes
            : throw OutputErrors.DamagedProvenance(Path.Combine(folder, Artifacts.Provenance.FileName), new JsonException("\"bytes\" is no whole number."));

    private static IEnumerable<RocketException> FaultsOfTensors(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (TensorInfo tensor in checkpoint.Tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!FiniteScan.AllFinite(checkpoint.Get(tensor.Name)))
            {
                yield return CheckpointErrors.NotFinite(tensor.Name, checkpoint.FileOf(tensor.Name));
            }
        }

        checkpoint.DropResidentPages();
    }

    private static IEnumerable<RocketException> FaultsOfFactors(Checkpoint checkpoint, RocketSection section, string config, bool verify)
    {
        foreach ((string name, FactoredLinear linear) in section.Linears)
        {
            TensorInfo? unfit = linear.Tensors(name).FirstOrDefault(tensor => !checkpoint.Contains(tensor.Name) || checkpoint.Get(tensor.Name).Info != tensor);
            if (unfit is not null)
            {
                yield return ArtifactErrors.FactorsDoNotFit(config, name, $"there is no tensor {unfit}");
            }
            else if (verify && linear.HasMask && LinearFactors.CountStored(checkpoint.Get(name + FactoredLinear.MaskSuffix).Bytes) is var stored && stored != linear.NonZeros)
            {
                yield return ArtifactErrors.FactorsDoNotFit(config, name, $"its mask has {stored} bits set instead of {linear.NonZeros}");
            }
        }
    }
}
