using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Quotes;

namespace WanTalk.Core.Tests.Quotes;

public sealed class GpuPricesSpecs
{
    [Fact]
    public void Prices_are_read_by_kind_with_their_currency()
    {
        var prices = Read(" a100=1.90, RTX 4090=0.4,cpu-preview=0", "EUR");
        Assert.Equal(new Dictionary<string, decimal> { ["A100"] = 1.90m, ["RTX-4090"] = 0.4m, ["cpu-preview"] = 0 }, prices.PerHour);
        Assert.Equal(("EUR", "USD"), (prices.Currency, Read(null, null).Currency));
        Assert.Empty(Read(null, null).PerHour);
    }

    [Theory]
    [InlineData("A100", GpuPrices.PricesVariable)]
    [InlineData("A100=", GpuPrices.PricesVariable)]
    [InlineData("=1", GpuPrices.PricesVariable)]
    [InlineData("A100=-1", GpuPrices.PricesVariable)]
    [InlineData("A100=1,a100=2", GpuPrices.PricesVariable)]
    [InlineData("A100=1=2", GpuPrices.PricesVariable)]
    [InlineData("A100=10001", GpuPrices.PricesVariable)]
    [InlineData("A100=1", GpuPrices.CurrencyVariable, "euro")]
    public void What_is_wrong_is_refused_by_the_variables_name(string prices, string variable, string? currency = null)
    {
        var refused = Assert.Throws<TalkException>(() => Read(prices, currency));
        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.StartsWith(variable, refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_variable_says_it_is_read_or_refused() =>
        Gen.String.Sample(text =>
        {
            try
            {
                Assert.All(Read(text, null).PerHour.Values, price => Assert.InRange(price, 0, 10_000));
            }
            catch (TalkException refused)
            {
                Assert.StartsWith(GpuPrices.PricesVariable, refused.Error.Message, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void A_sum_with_a_GPU_that_has_no_price_has_none()
    {
        var prices = Read("A100=3.6", null);
        Assert.Equal(0.002m, prices.CostOf([new GpuUse("A100", 1, 2)]));
        Assert.Null(prices.CostOf([new GpuUse("A100", 1, 2), new GpuUse("T4", 1, 2)]));
        Assert.Null(prices.CostOf([]));
    }

    private static GpuPrices Read(string? prices, string? currency) =>
        GpuPrices.FromEnvironment(name => name == GpuPrices.PricesVariable ? prices : currency);
}
