using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <content>The keys of a build's actions, so that what they cover can be looked at without a build.</content>
public sealed partial class ModelBuild
{
    /// <summary>Stage and unit of every action of one plan, with its key.</summary>
    internal IEnumerable<(string Action, Digest Key)> Keys(CompressionPlan plan)
    {
        yield return ("tokenize", _text.Corpus);
        foreach (BlockSpec block in _source.Spec.Blocks)
        {
            yield return ($"calibrate {block.Index}", _calibrate.KeyOf(block.Index));
            if (_backward is not null)
            {
                yield return ($"backward {block.Index}", _backward.KeyOf(block.Index));
            }
        }

        foreach (ProfileUnit unit in ProfileUnit.Of(Profiles(), _candidates))
        {
            yield return ($"profile {unit.Linear.Key}{(unit.Stage.Grid.Quantizations.IsEmpty ? "" : " in codes")}", unit.Key);
        }

        IFactorSource factors = FactorsOf(plan);
        foreach (PlanEntry entry in plan.Entries.Where(entry => entry.Option is not null))
        {
            (BlockSpec block, LinearSpec linear) = _candidates.Find(entry.Linear);
            yield return ($"factorize {entry.Linear}", factors.KeyOf(block, linear, entry.Option!));
        }

        foreach (BudgetManifest budget in _model.Budgets)
        {
            yield return ($"allocate {budget.Name}", _allocate.KeyOf(budget));
            yield return ($"assemble {budget.Name}", _assemble.KeyOf(budget.Name, plan, null));
        }
    }
}
