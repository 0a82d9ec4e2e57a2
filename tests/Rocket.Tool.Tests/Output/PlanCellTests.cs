using Rocket.Tool.Output;

namespace Rocket.Tool.Tests.Output;

public sealed class PlanCellTests
{
    [Theory]
    [InlineData("model.layers.3.self_attn.q_proj", "3", "q_proj")]
    [InlineData("model.layers.3.self_attn.qkv_proj.1", "3", "qkv_proj.1")]
    [InlineData("model.layers.3.mlp.experts.5.up_proj", "3 expert 5", "up_proj")]
    public void A_linear_has_its_row_and_column(string linear, string row, string column)
    {
        var cell = new PlanCell(linear, 3, 100, 50, "dictionary", 4, 2, null);
        Assert.Equal(row, cell.Row);
        Assert.Equal(column, cell.Column);
    }
}
