using Rocket.Models.Diagnostics;

namespace Rocket.Tool.Diagnostics;

/// <summary>Errors of <c>rocket serve</c>, codes RKT8110 to RKT8119.</summary>
internal static class ServingErrors
{
    /// <summary>RKT8110: a request that is not what the protocol says.</summary>
    public static RocketException BadRequest(string what, string expected) =>
        new("RKT8110", $"{what} must be {expected}.");

    /// <summary>RKT8111: a request without the key.</summary>
    public static RocketException Unauthorized() =>
        new("RKT8111", "The API key is missing or wrong. Send it as \"Authorization: Bearer KEY\".");

    /// <summary>RKT8112: an address or model that is not served.</summary>
    public static RocketException NotFound(string what, string served) =>
        new("RKT8112", $"{what} is not served here. Served is {served}.");

    /// <summary>RKT8113: more requests than the server takes at once.</summary>
    public static RocketException Busy(int limit) =>
        new("RKT8113", $"{limit} requests are being answered or wait already. Try again in a moment, or start the server with a greater --max-requests.");

    /// <summary>RKT8114: a request longer than allowed.</summary>
    public static RocketException TooLarge(long limit) =>
        new("RKT8114", $"The request is longer than {limit} bytes. Shorten it, or start the server with a greater --max-request-bytes.");

    /// <summary>RKT8115: a body that does not say that it is JSON.</summary>
    public static RocketException NotJson(string? type) =>
        new("RKT8115", $"The content type is \"{type}\". Send \"application/json\".");

    /// <summary>RKT8116: the server cannot listen.</summary>
    public static RocketException CannotListen(string address, Exception cause) =>
        new("RKT8116", $"The server cannot listen on {address}: {cause.Message} Choose another --port, or 0 for any that is free.", null, cause);

    /// <summary>RKT8117: a page of the web that reaches for the server by another name.</summary>
    public static RocketException ForeignHost(string? host) =>
        new("RKT8117", $"The request is for the host \"{host}\", and the server listens for this machine alone. Use localhost, or start it with --host.");
}
