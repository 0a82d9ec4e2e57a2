using System.Net.Http.Headers;
using System.Text;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Who asks: a bearer token, or a user with a password. They come from the environment or the user's netrc, never from a manifest.</summary>
public sealed class RemoteCredentials
{
    /// <summary>Holds a bearer token.</summary>
    public const string TokenVariable = "ROCKET_REMOTE_TOKEN";

    /// <summary>Holds a user's name, beside <see cref="PasswordVariable"/>.</summary>
    public const string UserVariable = "ROCKET_REMOTE_USER";

    /// <summary>Holds the user's password.</summary>
    public const string PasswordVariable = "ROCKET_REMOTE_PASSWORD";

    private const string NetrcVariable = "NETRC";

    private RemoteCredentials(AuthenticationHeaderValue header) => Header = header;

    internal AuthenticationHeaderValue Header { get; }

    /// <summary>A bearer token.</summary>
    public static RemoteCredentials Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    /// <summary>A user and a password.</summary>
    public static RemoteCredentials Basic(string user, string password)
        => new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    /// <summary>What this user has for a server: the environment's token, else its user and password, else the netrc's; null for nothing.</summary>
    /// <param name="address">The server.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT5011: the netrc cannot be read; RKT5012: they would go over plain HTTP to another machine.</exception>
    public static RemoteCredentials? Find(Uri address) => Find(
        address,
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    internal static RemoteCredentials? Find(Uri address, Func<string, string?> environment, string home)
    {
        ArgumentNullException.ThrowIfNull(address);
        RemoteCredentials? found = FromEnvironment(environment) ?? FromNetrc(address, environment, home);
        return found is null || address.Scheme == Uri.UriSchemeHttps || address.IsLoopback ? found : throw RemoteErrors.PlainCredentials(address);
    }

    private static RemoteCredentials? FromEnvironment(Func<string, string?> environment)
        => environment(TokenVariable) is { Length: > 0 } token ? Bearer(token)
            : environment(UserVariable) is { Length: > 0 } user ? Basic(user, environment(PasswordVariable) ?? "")
            : null;

    private static RemoteCredentials? FromNetrc(Uri address, Func<string, string?> environment, string home)
    {
        string path = environment(NetrcVariable) is { Length: > 0 } chosen ? chosen : Path.Combine(home, OperatingSystem.IsWindows() ? "_netrc" : ".netrc");
        try
        {
            return File.Exists(path) && Netrc.Find(File.ReadAllText(path), address.Host) is { } login ? Basic(login.User, login.Password) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RemoteErrors.NetrcUnreadable(path, exception);
        }
    }
}
