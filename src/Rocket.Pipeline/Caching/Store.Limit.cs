using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <content>How a store keeps to its limit while it is used.</content>
public sealed partial class Store
{
    // Pruning lists all entries: not after each of them.
    private const int PrunesInALimit = 16;

    private readonly Lock _pruning = new();
    private long _written;

    /// <summary>Says that the store is no longer used, and brings it under its limit.</summary>
    /// <returns>What went; null where there is no limit, or where it could not be kept, which is reported.</returns>
    public PruneResult? EndSession()
    {
        _session.Dispose();
        return MaximumSize is { } limit ? KeepTo(limit) : null;
    }

    private void MakeRoom()
    {
        if (MaximumSize is not { } limit || Interlocked.Read(ref _written) < limit / PrunesInALimit || !_pruning.TryEnter())
        {
            return;
        }

        try
        {
            Interlocked.Exchange(ref _written, 0);
            KeepTo(limit);
        }
        finally
        {
            _pruning.Exit();
        }
    }

    // A build that is done, or at work, is worth more than the limit: another user's entries may not be deletable.
    private PruneResult? KeepTo(long limit)
    {
        try
        {
            return Prune(new PrunePolicy { MaximumSize = limit });
        }
        catch (RocketException exception)
        {
            _report?.Invoke($"The cache could not be brought under its limit: {exception.Code}: {exception.Message}");
            return null;
        }
    }

    // Readers share the gate and pruning has it alone: between its look at an entry's time and the deletion nobody begins to use it.
    private FileStream EnterGate(bool isAlone)
    {
        string path = Path.Combine(Folder, "gate");
        while (true)
        {
            try
            {
                return isAlone
                    ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
                    : new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, bufferSize: 0);
            }
            catch (IOException exception) when (FileFault.IsSharingViolation(exception))
            {
                Thread.Sleep(1);
            }
        }
    }

    private bool TryHold(FileInfo file)
    {
        using FileStream gate = EnterGate(isAlone: false);
        if (!file.Exists)
        {
            return false;
        }

        Touch(file.FullName);
        return true;
    }
}
