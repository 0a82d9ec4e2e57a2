using System.Collections.Immutable;
using System.Globalization;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <content>One phase of a build at a time, divided among machines.</content>
public sealed partial class ModelBuild
{
    /// <summary>Does one machine's part of a phase. What it needs of the phases before is taken from the caches, or computed where it is not there.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="shard">The machine's part.</param>
    /// <returns>What was done, for people.</returns>
    public string RunPhase(BuildPhase phase, Shard shard) => phase switch
    {
        BuildPhase.Calibrate => CalibrateShard(shard),
        BuildPhase.Profile => ProfileShard(shard),
        _ => FactorizeShard(shard),
    };

    private string CalibrateShard(Shard shard)
    {
        ImmutableArray<(CalibrateStage Forward, BackwardStage? Backward)> groups = _groups.Groups;
        ImmutableArray<int> own = shard.Select([.. groups.Select(group => (double)group.Forward.Windows.Count)]);
        int blocks = _source.Spec.Blocks.Length;
        foreach (int index in own)
        {
            (CalibrateStage forward, BackwardStage? backward) = groups[index];
            string name = groups.Length == 1 ? _model.Name : string.Create(CultureInfo.InvariantCulture, $"{_model.Name}, group {index + 1}");
            using (_context.Begin(CalibrateStage.Name))
            {
                var counter = new ProgressCounter(_context, name, CalibrateStage.Name, blocks, 0);
                for (int block = 0; block < blocks; block++)
                {
                    counter.Add(forward.Ensure(block));
                }
            }

            if (backward is not null)
            {
                using IDisposable time = _context.Begin(BackwardStage.Name);
                var counter = new ProgressCounter(_context, name, BackwardStage.Name, blocks, 0);
                for (int block = blocks - 1; block >= 0; block--)
                {
                    counter.Add(backward.Ensure(block));
                }
            }
        }

        return $"{own.Length} of {groups.Length} groups of windows";
    }

    private string ProfileShard(Shard shard)
    {
        ImmutableArray<ProfileUnit> units = ProfileUnit.Of(Profiles(), _candidates);
        ImmutableArray<ProfileUnit> own = [.. shard.Select([.. units.Select(unit => unit.Flops)]).Select(index => units[index])];
        bool[] has = _context.HasEach([.. own.Select(unit => unit.Key)]);
        Profile(own, [.. own.Where((_, i) => !has[i])], units.Length);
        return $"{own.Length} of {units.Length} profiles";
    }

    private string FactorizeShard(Shard shard)
    {
        (BudgetManifest Budget, CompressionPlan Plan)[] plans = [.. _model.Budgets.Select(budget => (budget, Plan(budget)))];
        if (_model.Method.IsSequential)
        {
            // Every block waits for the one before: only whole budgets can be dealt.
            ImmutableArray<int> budgets = shard.Select([.. plans.Select(_ => 1.0)]);
            foreach (int index in budgets)
            {
                Factorize(plans[index].Budget.Name, plans[index].Plan);
            }

            return $"{budgets.Length} of {plans.Length} budgets";
        }

        var seen = new HashSet<Digest>();
        (int Place, PlanEntry Entry)[] entries =
        [
            .. plans.SelectMany(plan => plan.Plan.Entries)
                .Where(entry => entry.Option is not null && seen.Add(KeyOf(entry)))
                .Select(entry => (Place: _candidates.All.IndexOf(_candidates.Find(entry.Linear)), Entry: entry))
                .OrderBy(entry => entry.Place),
        ];
        ImmutableArray<int> own = shard.Select([.. entries.Select(entry => (double)entry.Entry.DIn * entry.Entry.DIn * entry.Entry.DOut)]);
        Factorize(_model.Name, [.. own.Select(index => entries[index].Entry)]);
        return $"{own.Length} of {entries.Length} factors";
    }

    private Digest KeyOf(PlanEntry entry)
    {
        (BlockSpec block, LinearSpec linear) = _candidates.Find(entry.Linear);
        return _factorize.KeyOf(block, linear, entry.Option!);
    }
}
