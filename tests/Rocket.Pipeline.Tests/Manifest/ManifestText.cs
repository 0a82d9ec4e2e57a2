namespace Rocket.Pipeline.Tests.Manifest;

/// <summary>The shortest manifest that reads.</summary>
internal static class ManifestText
{
    public const string Minimal = """
        version: 1
        models:
          - name: m
            source: folder
            calibration:
              corpus: [ "*.txt" ]
            budgets:
              - { name: r30, remove: 30% }
        """;
}
