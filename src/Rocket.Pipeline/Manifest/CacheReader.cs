using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads a manifest's <c>cache</c>.</summary>
internal static class CacheReader
{
    /// <exception cref="RocketException">The first thing that is wrong with it, at its line and column (RKT1xxx).</exception>
    public static CacheManifest Read(ManifestNode? node)
    {
        if (node is null)
        {
            return new CacheManifest();
        }

        MappingReader reader = new(node, "cache", "cache", "remote", "maxSize");
        return new CacheManifest
        {
            Remote = reader.Optional("remote") is null ? null : ReadRemote(reader.RequiredText("remote")),
            MaximumSize = reader.Optional("maxSize") is null ? null : ReadSize(reader.RequiredQuantity("maxSize", ManifestQuantity.Bytes)),
        };
    }

    private static Located<Uri> ReadRemote(Located<string> text)
    {
        Uri address = RemoteAddress.TryParse(text.Value) ?? throw ManifestErrors.BadRemote(text.Location, text.Value);
        return address.UserInfo.Length == 0 ? new(address, text.Location) : throw ManifestErrors.CredentialsInManifest(text.Location);
    }

    private static Located<long> ReadSize(Located<decimal> size) => new((long)size.Value, size.Location);
}
