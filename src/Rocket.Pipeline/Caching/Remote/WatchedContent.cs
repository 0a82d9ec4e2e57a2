using System.Net;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>The body of a PUT, sent plainly with its length, under a watch.</summary>
internal sealed class WatchedContent(Stream source, long length, TransferWatch watch, Action<int> count) : HttpContent
{
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, watch.Token);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        int read;
        watch.Restart();
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            watch.Moved(read);
            count(read);
        }

        watch.Restart();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
