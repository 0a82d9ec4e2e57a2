namespace Rocket.Pipeline.Manifest;

/// <summary>Addresses of remote caches.</summary>
public static class RemoteAddress
{
    /// <summary>An absolute http or https address without query and fragment, or null.</summary>
    public static Uri? TryParse(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { Host.Length: > 0, Query.Length: 0, Fragment.Length: 0 }
            ? address
            : null;
}
