/*
 * The registers that this firmware uses, and of those the bits: no more. Each block names its clause of RM0390
 * (STM32F446); the F405 (RM0090) and the F411 (RM0383) have the same registers at the same addresses. What belongs to
 * the processor itself is in PM0214 (Cortex-M4 programming manual).
 */
#ifndef REGISTERS_H
#define REGISTERS_H

/* RM0390 6.3: RCC, the clocks */
#define RCC 0x40023800u
#define RCC_CR (RCC + 0x00u) /* 6.3.1 */
#define RCC_CR_HSION (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
#define RCC_PLLCFGR (RCC + 0x04u) /* 6.3.2 */
#define RCC_PLLCFGR_M(m) (m)
#define RCC_PLLCFGR_N(n) ((n) << 6)
#define RCC_PLLCFGR_P(p) (((p) / 2u - 1u) << 16)
#define RCC_PLLCFGR_Q(q) ((q) << 24)
#define RCC_PLLCFGR_R(r) ((r) << 28)
#define RCC_CFGR (RCC + 0x08u) /* 6.3.3 */
#define RCC_CFGR_SW_PLL 2u
#define RCC_CFGR_SWS (3u << 2)
#define RCC_CFGR_SWS_PLL (2u << 2)
#define RCC_CFGR_PPRE1_HALF (4u << 10)
#define RCC_AHB1ENR (RCC + 0x30u) /* 6.3.10; bit = number of the port */
#define RCC_APB1ENR (RCC + 0x40u) /* 6.3.13 */
#define RCC_APB1ENR_USART2 (1u << 17)
#define RCC_APB1ENR_I2C(bus) (1u << (20u + (bus))) /* 1-3: bits 21-23 */
#define RCC_APB2ENR (RCC + 0x44u) /* 6.3.14 */
#define RCC_APB2ENR_ADC1 (1u << 8)
#define RCC_APB2ENR_SYSCFG (1u << 14)
#define RCC_CSR (RCC + 0x74u) /* 6.3.21 */
#define RCC_CSR_RMVF (1u << 24)
#define RCC_CSR_BORRSTF (1u << 25)
#define RCC_CSR_PINRSTF (1u << 26)
#define RCC_CSR_PORRSTF (1u << 27)
#define RCC_CSR_SFTRSTF (1u << 28)
#define RCC_CSR_IWDGRSTF (1u << 29)
#define RCC_CSR_WWDGRSTF (1u << 30)
#define RCC_CSR_LPWRRSTF (1u << 31)

/* RM0390 3.8: the flash and its interface; sectors in 3.3, table 5 */
#define FLASH 0x40023C00u
#define FLASH_ACR (FLASH + 0x00u) /* 3.8.1 */
#define FLASH_ACR_LATENCY(waits) (waits)
#define FLASH_ACR_LATENCY_MASK 0xFu
#define FLASH_ACR_PRFTEN (1u << 8)
#define FLASH_ACR_ICEN (1u << 9)
#define FLASH_ACR_DCEN (1u << 10)
#define FLASH_ACR_DCRST (1u << 12)
#define FLASH_KEYR (FLASH + 0x04u) /* 3.8.2 */
#define FLASH_KEYR_FIRST 0x45670123u
#define FLASH_KEYR_SECOND 0xCDEF89ABu
#define FLASH_SR (FLASH + 0x0Cu) /* 3.8.4 */
#define FLASH_SR_FAILED 0xF2u /* OPERR, WRPERR, PGAERR, PGPERR, PGSERR: cleared by writing ones */
#define FLASH_SR_BSY (1u << 16)
#define FLASH_CR (FLASH + 0x10u) /* 3.8.5 */
#define FLASH_CR_PG (1u << 0)
#define FLASH_CR_SER (1u << 1)
#define FLASH_CR_SNB(sector) ((sector) << 3)
#define FLASH_CR_PSIZE_WORD (2u << 8)
#define FLASH_CR_STRT (1u << 16)
#define FLASH_CR_LOCK (1u << 31)

/* RM0390 7.4: GPIO */
#define GPIO_PORT(port) (0x40020000u + 0x400u * (port))
#define GPIO_MODER 0x00u   /* 7.4.1: two bits a pin */
#define GPIO_OTYPER 0x04u  /* 7.4.2 */
#define GPIO_OSPEEDR 0x08u /* 7.4.3: two bits a pin */
#define GPIO_PUPDR 0x0Cu   /* 7.4.4: two bits a pin */
#define GPIO_IDR 0x10u     /* 7.4.5 */
#define GPIO_BSRR 0x18u    /* 7.4.7 */
#define GPIO_AFRL 0x20u    /* 7.4.9, AFRH 7.4.10 behind it: four bits a pin */

/* RM0390 8.2.1: what lies at address 0 */
#define SYSCFG_MEMRMP 0x40013800u
#define SYSCFG_MEMRMP_LOADER 1u

/* RM0390 16.4 (TIM1, 8), 17.4 (TIM2-5), 18.4 and 18.5 (TIM9-14): one layout, the small ones leave out a part */
#define TIM2 0x40000000u
#define TIM_CR1 0x00u /* 17.4.1 */
#define TIM_CR1_CEN (1u << 0)
#define TIM_CR1_ARPE (1u << 7)
#define TIM_SMCR 0x08u /* 17.4.3 */
#define TIM_SMCR_ENCODER_BOTH 3u
#define TIM_EGR 0x14u /* 17.4.6 */
#define TIM_EGR_UG (1u << 0)
#define TIM_CCMR1 0x18u /* 17.4.7, CCMR2 17.4.8 behind it: eight bits a channel */
#define TIM_CCMR_PWM1_PRELOAD 0x68u
#define TIM_CCMR_ENCODER_FILTERED 0xF1F1u
#define TIM_CCER 0x20u /* 17.4.9: four bits a channel */
#define TIM_CCER_CC1E 1u
#define TIM_CNT 0x24u  /* 17.4.10 */
#define TIM_PSC 0x28u  /* 17.4.11 */
#define TIM_ARR 0x2Cu  /* 17.4.12 */
#define TIM_CCR1 0x34u /* 17.4.13 and behind it: four bytes a channel */
#define TIM_BDTR 0x44u /* 16.4.18 */
#define TIM_BDTR_MOE (1u << 15)

/* RM0390 13.13: ADC1 */
#define ADC1 0x40012000u
#define ADC_SR (ADC1 + 0x00u) /* 13.13.1 */
#define ADC_SR_EOC (1u << 1)
#define ADC_CR1 (ADC1 + 0x04u) /* 13.13.2 */
#define ADC_CR2 (ADC1 + 0x08u) /* 13.13.3 */
#define ADC_CR2_ADON (1u << 0)
#define ADC_CR2_SWSTART (1u << 30)
#define ADC_SMPR1 (ADC1 + 0x0Cu) /* 13.13.4: channels 10-18, three bits each */
#define ADC_SMPR2 (ADC1 + 0x10u) /* 13.13.5: channels 0-9 */
#define ADC_SQR1 (ADC1 + 0x2Cu)  /* 13.13.9 */
#define ADC_SQR3 (ADC1 + 0x34u)  /* 13.13.11 */
#define ADC_DR (ADC1 + 0x4Cu)    /* 13.13.14 */
#define ADC_CCR 0x40012304u      /* 13.13.16 */
#define ADC_CCR_QUARTER (1u << 16)
#define ADC_CCR_TSVREFE (1u << 23)
/* Data sheet of the F446, 6.3.23: the reference as the factory measured it at 3.3 V, in the upper half of this word */
#define VREFINT_CAL_WORD 0x1FFF7A28u

/* RM0390 20.4: the independent watchdog */
#define IWDG 0x40003000u
#define IWDG_KR (IWDG + 0x00u) /* 20.4.1 */
#define IWDG_KR_FEED 0xAAAAu
#define IWDG_KR_ALLOW 0x5555u
#define IWDG_KR_START 0xCCCCu
#define IWDG_PR (IWDG + 0x04u)  /* 20.4.2 */
#define IWDG_RLR (IWDG + 0x08u) /* 20.4.3 */
#define IWDG_SR (IWDG + 0x0Cu)  /* 20.4.4 */
#define IWDG_SR_BUSY 3u

/* RM0390 24.6: I2C */
#define I2C_BUS(bus) (0x40005400u + 0x400u * ((bus)-1u))
#define I2C_CR1 0x00u /* 24.6.1 */
#define I2C_CR1_PE (1u << 0)
#define I2C_CR1_START (1u << 8)
#define I2C_CR1_STOP (1u << 9)
#define I2C_CR1_ACK (1u << 10)
#define I2C_CR1_POS (1u << 11)
#define I2C_CR1_SWRST (1u << 15)
#define I2C_CR2 0x04u /* 24.6.2: MHz of APB1 */
#define I2C_DR 0x10u  /* 24.6.5 */
#define I2C_SR1 0x14u /* 24.6.6 */
#define I2C_SR1_SB (1u << 0)
#define I2C_SR1_ADDR (1u << 1)
#define I2C_SR1_BTF (1u << 2)
#define I2C_SR1_RXNE (1u << 6)
#define I2C_SR1_TXE (1u << 7)
#define I2C_SR1_BERR (1u << 8)
#define I2C_SR1_ARLO (1u << 9)
#define I2C_SR1_AF (1u << 10)
#define I2C_SR2 0x18u /* 24.6.7 */
#define I2C_SR2_BUSY (1u << 1)
#define I2C_CCR 0x1Cu   /* 24.6.8 */
#define I2C_TRISE 0x20u /* 24.6.9 */

/* RM0390 25.6: USART2, which a Nucleo's ST-LINK makes a USB serial port */
#define USART2 0x40004400u
#define USART_SR (USART2 + 0x00u) /* 25.6.1 */
#define USART_SR_ORE (1u << 3)
#define USART_SR_RXNE (1u << 5)
#define USART_SR_TC (1u << 6)
#define USART_SR_TXE (1u << 7)
#define USART_DR (USART2 + 0x04u)  /* 25.6.2 */
#define USART_BRR (USART2 + 0x08u) /* 25.6.3 */
#define USART_CR1 (USART2 + 0x0Cu) /* 25.6.4 */
#define USART_CR1_RE (1u << 2)
#define USART_CR1_TE (1u << 3)
#define USART_CR1_RXNEIE (1u << 5)
#define USART_CR1_TXEIE (1u << 7)
#define USART_CR1_UE (1u << 13)
#define USART2_IRQ 38u /* 10.1.3, table 38 */

/* RM0390 34.1: the unique id, three words */
#define UID 0x1FFF7A10u
/* RM0390 2.3, AN2606: where the maker's boot loader lies */
#define SYSTEM_MEMORY 0x1FFF0000u

/* PM0214 4.3: NVIC; 4.4: system control; 4.5: SysTick; 4.6: FPU */
#define NVIC_ISER 0xE000E100u /* 4.3.2 */
#define NVIC_ISPR 0xE000E200u /* 4.3.4 */
#define SCB_VTOR 0xE000ED08u  /* 4.4.4 */
#define SCB_AIRCR 0xE000ED0Cu /* 4.4.5 */
#define SCB_AIRCR_RESET 0x05FA0004u
#define STK_CTRL 0xE000E010u  /* 4.5.1 */
#define STK_CTRL_RUN 7u       /* at the processor's clock, with its exception */
#define STK_LOAD 0xE000E014u  /* 4.5.2 */
#define STK_LOAD_MOST 0xFFFFFFu
#define STK_VAL 0xE000E018u   /* 4.5.3 */
#define FPU_CPACR 0xE000ED88u /* 4.6.1 */
#define FPU_CPACR_FULL (0xFu << 20)

#endif
