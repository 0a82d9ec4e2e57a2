namespace Rocket.Models.Architectures;

/// <summary>How tokens reach the experts of a mixture: softmax over all experts, the <paramref name="TopK"/> largest, renormalised or not.</summary>
/// <param name="Linear">The router's weight <c>[experts, hidden]</c>; never compressed.</param>
/// <param name="TopK">Experts a token.</param>
/// <param name="Renormalize">The chosen weights are divided by their sum.</param>
public sealed record RouterSpec(LinearSpec Linear, int TopK, bool Renormalize);
